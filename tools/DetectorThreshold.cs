#:project ../src/FerSharp.Models/FerSharp.Models.csproj
#:project ../src/FerSharp.Media/FerSharp.Media.csproj
#:package Microsoft.ML.OnnxRuntime
#:property PublishAot=false

// Precision and recall of the embedded face detectors over their score threshold, on 100 WIDER FACE validation pictures.
//
//   dotnet run -c Release tools/DetectorThreshold.cs -- <data folder>
//
// A true face counts where its box is valid and its shorter side has at least 20 pixels. A detection hits the free true box that it overlaps
// most, from an intersection over union of 0.5. A hit on an invalid or a smaller true box counts neither way, nor does a miss that lies for
// more than half in such a box, nor one with a shorter side below 16 pixels. The threshold is the one with the best F1.

using System.Globalization;
using FerSharp;
using FerSharp.Media;
using FerSharp.Onnx;

const float LeastFalseSide = 16, LeastOverlap = 0.5f, LowestScore = 0.2f;
const int MostFaces = 512;

if (args.Length != 1)
{
    Console.Error.WriteLine("usage: dotnet run -c Release tools/DetectorThreshold.cs -- <data folder>");
    return 2;
}

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
string folder = Path.Combine(args[0], "wider100");
Dictionary<string, List<TrueBox>> truth = LoadTruth(Path.Combine(folder, "boxes.csv"));
int faces = truth.Values.Sum(boxes => boxes.Count(box => box.Counts));
int largeFaces = truth.Values.Sum(boxes => boxes.Count(box => box.Counts && box.Side >= 40));
Console.WriteLine($"{truth.Count} pictures, {faces} faces of 20 pixels or more, {largeFaces} of 40 or more");

foreach (DetectorSize size in new[] { DetectorSize.Small, DetectorSize.Large })
{
    ModelPackage model = EmbeddedModels.FaceDetector(size);
    using OnnxFaceDetector detector = OnnxFaceDetector.Load(new OnnxFaceDetectorOptions { Model = model, ScoreThreshold = LowestScore });
    var found = new List<Finding>();
    foreach ((string file, List<TrueBox> boxes) in truth)
    {
        using Frame picture = ImageFile.Load(Path.Combine(folder, "images", file));
        found.AddRange(Compare(detector.Detect(picture.View, MostFaces), boxes));
    }

    Console.WriteLine();
    Console.WriteLine($"{model.Manifest.Id} (threshold in its manifest: {model.Manifest.Detector!.ScoreThreshold:0.00})");
    Console.WriteLine("| threshold | recall >= 20 px | recall >= 40 px | false | precision | F1 |");
    Console.WriteLine("|---|---|---|---|---|---|");
    for (int step = 6; step <= 18; step++)
    {
        float threshold = step * 0.05f;
        Finding[] kept = [.. found.Where(finding => finding.Score >= threshold - 1e-6f)];
        int hits = kept.Count(finding => finding.Side > 0), wrong = kept.Length - hits;
        double recall = hits / (double)faces, precision = hits / (double)kept.Length;
        double largeRecall = kept.Count(finding => finding.Side >= 40) / (double)largeFaces;
        Console.WriteLine($"| {threshold:0.00} | {recall:0.000} | {largeRecall:0.000} | {wrong} | {precision:0.000} | {2 * precision * recall / (precision + recall):0.000} |");
    }
}

return 0;

static Dictionary<string, List<TrueBox>> LoadTruth(string path)
{
    string[] lines = File.ReadAllLines(path);
    List<string> header = [.. lines[0].Split(',')];
    int invalid = header.IndexOf("invalid");
    var truth = new Dictionary<string, List<TrueBox>>();
    foreach (string[] row in lines.Skip(1).Select(line => line.Split(',')))
    {
        if (!truth.TryGetValue(row[0], out List<TrueBox>? boxes))
        {
            truth[row[0]] = boxes = [];
        }

        float[] box = [.. row[1..5].Select(value => float.Parse(value, CultureInfo.InvariantCulture))];
        boxes.Add(new TrueBox(new RectF(box[0], box[1], box[2], box[3]), row[invalid] == "0"));
    }

    return truth;
}

// The detections of one picture, best first, as hits and false ones; those that count neither way are left out.
static IEnumerable<Finding> Compare(FaceDetection[] detections, List<TrueBox> boxes)
{
    var free = new List<TrueBox>(boxes);
    foreach (FaceDetection detection in detections)
    {
        TrueBox? best = free.Where(box => box.Overlap(detection) >= LeastOverlap).MaxBy(box => box.Overlap(detection));
        if (best is not null)
        {
            free.Remove(best);
            if (best.Counts)
            {
                yield return new Finding(detection.Score, best.Side);
            }
        }
        else if (MathF.Min(detection.Box.Width, detection.Box.Height) >= LeastFalseSide && !boxes.Any(box => !box.Counts && box.Covers(detection)))
        {
            yield return new Finding(detection.Score, 0);
        }
    }
}

// A detection that counts: the shorter side of the face that it hit, 0 where it is false.
internal sealed record Finding(float Score, float Side);

internal sealed record TrueBox(RectF Box, bool Valid)
{
    public float Side => MathF.Min(Box.Width, Box.Height);

    public bool Counts => Valid && Side >= 20;

    public float Overlap(in FaceDetection face) => face.Box.IntersectionOverUnion(Box);

    public bool Covers(in FaceDetection face) => face.Box.IntersectionArea(Box) > 0.5f * face.Box.Area;
}
