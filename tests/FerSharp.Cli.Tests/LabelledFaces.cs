using FerSharp.Media;

namespace FerSharp.Cli.Tests;

/// <summary>A labelled data set that can be in a repository: the seven average faces, a folder for each expression.</summary>
internal static class LabelledFaces
{
    private static readonly string[] Words = ["neutral", "happy", "surprise", "sad", "angry", "disgust", "fear"];

    /// <summary>The whole heads, four in the first row and three in the second.</summary>
    public static string Heads(TestFolder folder, string name) => Write(folder, name, (picture, i) => i < 4
        ? picture.Slice(picture.Width * i / 4, 0, picture.Width / 4, picture.Height / 2)
        : picture.Slice((picture.Width / 8) + (picture.Width * (i - 4) / 4), picture.Height / 2, picture.Width / 4, picture.Height / 2));

    /// <summary>Tight crops, as a classifier without a detector wants them.</summary>
    public static string Crops(TestFolder folder, string name)
    {
        using EmotionAnalyzer analyzer = FerSharpDefaults.CreateAnalyzer();
        return Write(folder, name, (picture, i) =>
        {
            RectF box = analyzer.Analyze(picture).Faces.Select(face => face.Face.Box).OrderBy(face => (int)(face.Y / 200)).ThenBy(face => face.X).ElementAt(i);
            return picture.Slice((int)box.X, (int)box.Y, (int)box.Width, (int)box.Height);
        });
    }

    private static string Write(TestFolder folder, string name, Func<FrameView, int, FrameView> cut)
    {
        using Frame picture = ImageFile.Load(TestFolder.AverageFaces);
        for (int i = 0; i < Words.Length; i++)
        {
            ImageFile.Save(Path.Combine(folder.Folder(name, Words[i]), "average.png"), cut(picture.View, i));
        }

        return folder.At(name);
    }
}
