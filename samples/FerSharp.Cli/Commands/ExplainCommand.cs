using System.CommandLine;
using System.Globalization;
using FerSharp.Cli.Analysis;
using FerSharp.Cli.Evaluation;
using FerSharp.Evaluation;
using FerSharp.Media;
using FerSharp.Onnx;
using static FerSharp.Cli.Commands.CliOptions;

namespace FerSharp.Cli.Commands;

/// <summary><c>fersharp explain</c>: which parts of a face a score hangs on.</summary>
internal static class ExplainCommand
{
    public static Command Create(Terminal terminal)
    {
        var picture = PathArgument("PICTURE", "A picture; its best-scored face is explained.");
        var output = PathArgument("DRAWING", "Where the drawing goes: .png, .jpg or .webp; not the picture itself.");
        Option<string?> model = Text("--model", "MODEL", "A folder with model.json, a manifest, or the id of an embedded model. Default: the embedded classifier.");
        Option<Emotion?> emotion = OneOf("--expression", "The expression whose score is watched. Default: the highest.", [.. Enum.GetValues<Emotion>().Select(one => (one.ToString().ToLowerInvariant(), one))]);
        var whole = new Option<bool>("--crop") { Description = "The picture is a face crop: read it whole, without a detector." };
        var command = new Command("explain", "Covers a face patch by patch and draws which parts an expression's score hangs on.") { picture, output, model, emotion, whole };
        command.SetAction((result, cancellationToken) => terminal.RunAsync(
            () =>
            {
                string path = result.GetRequiredValue(picture), drawing = result.GetRequiredValue(output);
                if (string.Equals(RealPath.Of(path), RealPath.Of(drawing), StringComparison.OrdinalIgnoreCase))
                {
                    throw new CliException(ExitCode.Usage, $"The drawing would replace the picture '{path}'; choose another name.");
                }

                using IEmotionClassifier classifier = ModelLoader.Classifier(result.GetValue(model), null, 1, 16);
                using Frame frame = Load(path);
                FaceRegion face = FaceRegion.Whole(frame.View);
                if (!result.GetValue(whole))
                {
                    using OnnxFaceDetector detector = ModelLoader.Detector(null, null, 1);
                    face = detector.Detect(frame.View) is [var best, ..]
                        ? new FaceRegion(frame.View, best)
                        : throw new CliException(ExitCode.SomeFailed, $"{path}: no face was found. A face crop is read with --crop.");
                }

                OcclusionMap map = OcclusionSensitivity.Run(classifier, face, new OcclusionOptions { Emotion = result.GetValue(emotion) }, cancellationToken);
                int enlarge = Math.Clamp(320 / Math.Max(frame.View.Width, frame.View.Height), 1, 16);
                using Frame drawn = map.Draw(frame.View, enlarge);
                Save(drawing, drawn.View);
                terminal.Output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{map.Emotion.ToString().ToLowerInvariant()} {map.Scores[map.Emotion]:0.000}; covering the most important patch ({map.Peak.Patch}) changes it by {-map.Peak.Drop:+0.000;-0.000;0.000}. Orange speaks for the expression, blue against it; full colour is {map.Scale:0.000}."));
                return ExitCode.Ok;
            },
            cancellationToken));
        return command;
    }

    private static Frame Load(string path)
    {
        try
        {
            return ImageFile.Load(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new CliException(ExitCode.SomeFailed, $"{path}: {e.Message}");
        }
    }

    private static void Save(string path, in FrameView frame)
    {
        try
        {
            ImageFile.Save(path, frame);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new CliException(ExitCode.Usage, $"'{path}' cannot be written: {e.Message}");
        }
    }
}
