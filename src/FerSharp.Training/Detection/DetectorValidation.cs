using FerSharp.Evaluation;

namespace FerSharp.Training;

/// <summary>How well a detector does on the validation pictures.</summary>
/// <param name="Precision40">Average precision at IoU 0.5 on faces from 40 pixels.</param>
/// <param name="Precision20">The same on faces from 20 pixels.</param>
/// <param name="Recall">Share of the faces from 20 pixels that were found at the score 0.5.</param>
/// <param name="FalseBoxes">False boxes a picture at the score 0.5.</param>
/// <param name="PointError">Mean error of the points over the distance of the eyes, of the faces that were found; 0 where there is none.</param>
public readonly record struct DetectorFigures(double Precision40, double Precision20, double Recall, double FalseBoxes, double PointError)
{
    /// <summary>What the best epoch is chosen by: the mean of both average precisions.</summary>
    public double Score => (Precision40 + Precision20) / 2;
}

/// <summary>
/// The pictures that a run is validated on: scenes as they are, and pictures composed of the others, always the same. Their labels are a
/// teacher's for the most part: they choose an epoch, they are no final figures.
/// </summary>
internal sealed class DetectorValidation : DetectionDataset
{
    private const int Composed = 96;

    // Low enough for nearly the whole curve.
    private const float LowestScore = 0.02f, UsualScore = 0.5f;

    private readonly FrameView[] _views;

    private DetectorValidation(DatasetInfo info, IReadOnlyList<DetectionSample> samples, FrameView[] views)
        : base(info, samples, []) => _views = views;

    /// <summary>Composes the pictures.</summary>
    /// <param name="pictures">Pictures that are not learnt from.</param>
    /// <param name="recipe">The recipe; its scenes and size count.</param>
    public static DetectorValidation Of(DetectionPictures pictures, DetectorRecipe recipe)
    {
        var samples = new List<DetectionSample>();
        var views = new List<FrameView>();
        foreach (DetectionPicture scene in pictures.Scenes)
        {
            samples.Add(new DetectionSample(scene.Id, scene.Faces));
            views.Add(scene.View);
        }

        int side = recipe.ValidationSize;
        var canvas = new SceneCanvas(side);
        var composer = new SceneComposer(pictures, recipe.Scenes with { Scene = 0 });
        for (int i = 0; i < Composed; i++)
        {
            var random = new RandomSource(recipe.Seed, -1, i);
            composer.Compose(canvas, side, ref random);
            samples.Add(new DetectionSample($"composed/{i}", [.. canvas.Faces]));
            views.Add(new FrameView(canvas.Pixels.ToArray(), side, side, PixelFormat.Rgb24));
        }

        return new DetectorValidation(pictures.Info, samples, [.. views]);
    }

    public override Frame Load(int index) => Frame.CopyOf(_views[index]);

    public DetectorFigures Measure(DetectorNetwork network, int side, CancellationToken cancellationToken)
    {
        using var detector = new NetworkFaceDetector(network, side, LowestScore);
        return Measure(detector, cancellationToken);
    }

    /// <summary>Measures a detector whose score threshold is low.</summary>
    public DetectorFigures Measure(IFaceDetector detector, CancellationToken cancellationToken)
    {
        DetectionSet found = DetectionRunner.Run(detector, this, new DetectionOptions { Threads = 1 }, progress: null, cancellationToken);
        DetectionReport Report(double size) => DetectionReport.Of(
            found, new DetectionReportOptions { MinimumFaceSize = size, ScoreThreshold = UsualScore, Bootstrap = new BootstrapOptions { Resamples = 1 } }, cancellationToken);
        DetectionReport from20 = Report(20);
        return new DetectorFigures(
            Report(40).Boxes!.AveragePrecision, from20.Boxes!.AveragePrecision, from20.Boxes.Recall, from20.Boxes.FalseBoxesPerPicture, from20.Landmarks?.Mean ?? 0);
    }
}
