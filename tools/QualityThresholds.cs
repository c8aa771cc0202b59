#:project ../src/FerSharp.Models/FerSharp.Models.csproj
#:package Microsoft.ML.OnnxRuntime
#:property PublishAot=false

// How far the embedded classifier can be trusted on blurred, dark, small and unclear faces: the tables behind the defaults of
// EmotionAnalyzerOptions, on the PublicTest (validation) part of FER-2013 with FER+ labels.
//
//   dotnet run -c Release tools/QualityThresholds.cs -- <data folder>
//
// Label: the FER+ majority over the eight expressions: single votes are dropped; the picture counts where one expression has more than half of
// the votes that are left. The votes for "unknown" and "not a face" are not counted. Each picture is one face that fills the frame; it goes
// through EmotionAnalyzer with its checks switched off.

using System.Globalization;
using System.IO.Compression;
using FerSharp;
using FerSharp.Imaging;
using FerSharp.Onnx;

const int Side = 48, Pixels = Side * Side, FirstVote = 6;

if (args.Length != 1)
{
    Console.Error.WriteLine("usage: dotnet run -c Release tools/QualityThresholds.cs -- <data folder>");
    return 2;
}

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
double[] shares = [0.05, 0.25, 0.5, 0.75, 0.95];
List<(byte[] Picture, Emotion Label)> pictures = Load(args[0]);
Console.WriteLine($"{pictures.Count} PublicTest pictures with a majority");

using OnnxEmotionClassifier classifier = OnnxEmotionClassifier.Load(EmbeddedModels.EmotionClassifier);
using var detector = new WholeFrameDetector();
using var analyzer = new EmotionAnalyzer(detector, classifier, new EmotionAnalyzerOptions { MinBrightness = 0, MinFaceSize = 0, MinSharpness = 0, MinTopScore = 0 });

List<Reading> plain = Read(picture => View(picture));
Console.WriteLine($"accuracy {Accuracy(plain):0.0000}, n {plain.Count}");

Console.WriteLine();
Console.WriteLine("| expression | pictures | read right |");
Console.WriteLine("|---|---|---|");
foreach (IGrouping<Emotion, Reading> label in plain.GroupBy(reading => reading.Label).OrderBy(group => group.Key))
{
    Console.WriteLine($"| {label.Key} | {label.Count()} | {Accuracy([.. label]):0.000} |");
}

StartTable("blur: deviation of the Gaussian", "sharpness");
var blurred = new List<Reading>();
foreach (double deviation in new[] { 0, 0.5, 1, 1.5, 2, 2.5, 3, 4, 6 })
{
    List<Reading> readings = Read(picture => View(Blur(picture, deviation)));
    AddRow($"{deviation:0.0} pixels", readings, value => value.Quality.Sharpness, "0.0000");
    blurred.AddRange(readings);
}

Console.WriteLine();
Console.WriteLine("| sharpness, all of the above | faces | accuracy | mean top score |");
Console.WriteLine("|---|---|---|---|");
foreach (IGrouping<double, Reading> bin in blurred.GroupBy(reading => Math.Clamp(Math.Floor(Math.Log2(reading.Face.Quality.Sharpness / 0.06) * 2), -6, 6)).OrderBy(group => group.Key))
{
    string from = bin.Key <= -6 ? "0" : $"{0.06 * Math.Pow(2, bin.Key / 2):0.0000}";
    Console.WriteLine($"| from {from} | {bin.Count()} | {Accuracy([.. bin]):0.000} | {TopScore([.. bin]):0.000} |");
}

StartTable("darkening: factor on every pixel", "brightness");
foreach (double factor in new[] { 1, 0.5, 0.25, 0.15, 0.1, 0.06, 0.03 })
{
    AddRow($"{factor:0.00}", Read(picture => View([.. picture.Select(value => (byte)Math.Round(value * factor))])), value => value.Quality.Brightness, "0.0");
}

Console.WriteLine();
Console.WriteLine("| reduction: side in pixels | accuracy | mean top score |");
Console.WriteLine("|---|---|---|");
foreach (int side in new[] { 48, 40, 32, 28, 24, 20, 16, 12, 8 })
{
    List<Reading> readings = Read(picture => Reduce(picture, side));
    Console.WriteLine($"| {side} | {Accuracy(readings):0.000} | {TopScore(readings):0.000} |");
}

Console.WriteLine();
Console.WriteLine("| top score | faces | accuracy |");
Console.WriteLine("|---|---|---|");
foreach (IGrouping<double, Reading> bin in plain.GroupBy(reading => Math.Floor(reading.Face.Scores.TopScore * 10) / 10).OrderBy(group => group.Key))
{
    Console.WriteLine($"| from {bin.Key:0.0} | {bin.Count()} | {Accuracy([.. bin]):0.000} |");
}

foreach (float threshold in new[] { 0.4f, 0.5f, 0.6f })
{
    List<Reading> kept = [.. plain.Where(reading => reading.Face.Scores.TopScore >= threshold)], dropped = [.. plain.Except(kept)];
    Console.WriteLine($"top score from {threshold:0.0}: {kept.Count / (double)plain.Count:0.000} of the faces, accuracy {Accuracy(kept):0.000}; below: {dropped.Count} faces, accuracy {Accuracy(dropped):0.000}");
}

return 0;

static List<(byte[] Picture, Emotion Label)> Load(string folder)
{
    using var memory = new MemoryStream();
    using (var packed = new GZipStream(File.OpenRead(Path.Combine(folder, "fer2013_train_val.bin.gz")), CompressionMode.Decompress))
    {
        packed.CopyTo(memory);
    }

    byte[] pixels = memory.ToArray();
    using var labels = new StreamReader(new GZipStream(File.OpenRead(Path.Combine(folder, "fer2013_train_val_labels.csv.gz")), CompressionMode.Decompress));
    labels.ReadLine();
    var pictures = new List<(byte[], Emotion)>();
    while (labels.ReadLine() is { } line)
    {
        string[] row = line.Split(',');
        int[] votes = [.. row.Skip(FirstVote).Take(EmotionScores.Count).Select(text => int.Parse(text, CultureInfo.InvariantCulture)).Select(count => count <= 1 ? 0 : count)];
        int most = votes.Max();
        if (row[2] == "PublicTest" && most * 2 > votes.Sum())
        {
            int number = int.Parse(row[0], CultureInfo.InvariantCulture);
            pictures.Add((pixels.AsSpan(number * Pixels, Pixels).ToArray(), (Emotion)Array.IndexOf(votes, most)));
        }
    }

    return pictures;
}

List<Reading> Read(Func<byte[], FrameView> change)
{
    var face = new FaceEmotion[1];
    var readings = new List<Reading>(pictures.Count);
    foreach ((byte[] picture, Emotion label) in pictures)
    {
        analyzer.Analyze(change(picture), face);
        readings.Add(new Reading(label, face[0]));
    }

    return readings;
}

static FrameView View(byte[] picture, int side = Side) => new(picture, side, side, PixelFormat.Gray8);

static byte[] Blur(byte[] picture, double deviation)
{
    if (deviation == 0)
    {
        return picture;
    }

    int reach = (int)Math.Ceiling(3 * deviation);
    double[] weights = [.. Enumerable.Range(-reach, (2 * reach) + 1).Select(i => Math.Exp(-i * i / (2 * deviation * deviation)))];
    double sum = weights.Sum();
    double[] across = Pass([.. picture.Select(value => (double)value)], (x, y, i) => (y * Side) + Math.Clamp(x + i, 0, Side - 1));
    double[] down = Pass(across, (x, y, i) => (Math.Clamp(y + i, 0, Side - 1) * Side) + x);
    return [.. down.Select(value => (byte)Math.Round(value))];

    double[] Pass(double[] from, Func<int, int, int, int> at)
    {
        var to = new double[Pixels];
        for (int p = 0; p < Pixels; p++)
        {
            for (int i = -reach; i <= reach; i++)
            {
                to[p] += weights[i + reach] * from[at(p % Side, p / Side, i)] / sum;
            }
        }

        return to;
    }
}

static FrameView Reduce(byte[] picture, int side)
{
    var kernel = new PreprocessingKernel(new PreprocessingSpec { Name = "reduce", Width = side, Height = side, Channels = 1, Order = ChannelOrder.Gray, Sampling = SamplingMode.Area });
    var values = new float[side * side];
    kernel.Write(View(picture), AffineTransform.Stretch(new RectF(0, 0, Side, Side), side, side), values);
    return View([.. values.Select(value => (byte)MathF.Round(value))], side);
}

static double Accuracy(List<Reading> readings) => readings.Count == 0 ? 0 : readings.Average(reading => reading.Face.Scores.Top == reading.Label ? 1.0 : 0);

static double TopScore(List<Reading> readings) => readings.Average(reading => reading.Face.Scores.TopScore);

static void StartTable(string change, string name)
{
    Console.WriteLine();
    Console.WriteLine($"| {change} | accuracy | mean top score | {name}: 5 % | 25 % | median | 75 % | 95 % |");
    Console.WriteLine("|---|---|---|---|---|---|---|---|");
}

void AddRow(string change, List<Reading> readings, Func<FaceEmotion, float> measure, string format)
{
    float[] values = [.. readings.Select(reading => measure(reading.Face)).Order()];
    IEnumerable<string> quantiles = shares.Select(q => values[(int)(q * (values.Length - 1))].ToString(format, CultureInfo.InvariantCulture));
    Console.WriteLine($"| {change} | {Accuracy(readings):0.000} | {TopScore(readings):0.000} | {string.Join(" | ", quantiles)} |");
}

internal sealed record Reading(Emotion Label, FaceEmotion Face);

// One face that fills the frame.
internal sealed class WholeFrameDetector : IFaceDetector
{
    public ModelInfo Model { get; } = new("whole-frame", "1", "none", default, EmbeddedModels.FaceDetector(DetectorSize.Small).Manifest);

    public int Detect(in FrameView frame, Span<FaceDetection> destination, CancellationToken cancellationToken = default)
    {
        destination[0] = new FaceDetection(new RectF(0, 0, frame.Width, frame.Height), 1);
        return 1;
    }

    public void Dispose()
    {
    }
}
