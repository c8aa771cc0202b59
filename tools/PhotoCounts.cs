#:project ../src/FerSharp.Models/FerSharp.Models.csproj
#:project ../src/FerSharp.Media/FerSharp.Media.csproj
#:package Microsoft.ML.OnnxRuntime
#:property PublishAot=false

// Faces found in each test photo by the embedded detectors and by YuNet at 320, beside the true number.
//
//   dotnet run -c Release tools/PhotoCounts.cs -- <data folder> <folder with yunet_n_320.onnx>

using FerSharp;
using FerSharp.Media;
using FerSharp.Onnx;

if (args.Length != 2)
{
    Console.Error.WriteLine("usage: dotnet run -c Release tools/PhotoCounts.cs -- <data folder> <folder with yunet_n_320.onnx>");
    return 2;
}

var detectors = new (string Name, OnnxFaceDetector Detector)[]
{
    ("own 320", OnnxFaceDetector.Load(EmbeddedModels.FaceDetector(DetectorSize.Small))),
    ("own 640", OnnxFaceDetector.Load(EmbeddedModels.FaceDetector(DetectorSize.Large))),
    ("YuNet 320", OnnxFaceDetector.Load(ModelPackage.Load("samples/manifests/yunet_n_320/model.json", Path.Combine(args[1], "yunet_n_320.onnx")))),
};
int[] totals = new int[detectors.Length + 1];
Console.WriteLine($"{"photo",-34}{"true",6}{string.Concat(detectors.Select(d => $"{d.Name,12}"))}");
foreach (string line in File.ReadLines(Path.Combine(args[0], "photos", "photos.csv")).Skip(1))
{
    string[] fields = line.Split(',');
    using Frame photo = ImageFile.Load(Path.Combine(args[0], "photos", fields[0]));
    int[] counts = [int.Parse(fields[3]), .. detectors.Select(d => d.Detector.Detect(photo.View, maxFaces: 256).Length)];
    Report(fields[0], counts);
    for (int i = 0; i < counts.Length; i++)
    {
        totals[i] += counts[i];
    }
}

Report("all", totals);
foreach ((_, OnnxFaceDetector detector) in detectors)
{
    detector.Dispose();
}

return 0;

static void Report(string name, int[] counts) => Console.WriteLine($"{name,-34}{counts[0],6}{string.Concat(counts.Skip(1).Select(n => $"{n,12}"))}");
