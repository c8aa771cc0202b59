#:project ../src/FerSharp.Evaluation/FerSharp.Evaluation.csproj
#:project ../src/FerSharp.Onnx/FerSharp.Onnx.csproj
#:project ../src/FerSharp.Media/FerSharp.Media.csproj
#:package Microsoft.ML.OnnxRuntime
#:property PublishAot=false

// Makes a folder that a detector can learn from of FER-2013's Training faces: labels.csv, and the pictures in a .tar.gz.
//
//   dotnet run -c Release tools/DetectorFaces.cs -- <data folder> <manifest of a teacher> <its .onnx> <new folder>
//
// The pictures are crops with a face at their middle, so each has a face even where the teacher sees none: there the box is the median of
// the boxes that it does see, and points are not known. Those are the faces that a detector trained on the teacher's labels alone does not
// learn: from the side, half covered, in shade. Left out: copies of PublicTest and PrivateTest, flat pictures, and what is no face by the votes.
// The teacher sees each crop enlarged three times in the middle of a gray 320 x 320 picture, as it is and mirrored; the better counts.

using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using FerSharp;
using FerSharp.Evaluation;
using FerSharp.Media;
using FerSharp.Onnx;

const int Crop = 48, Scale = 3, Side = 320, Margin = (Side - (Scale * Crop)) / 2;

// Below it the teacher may mean a collar or a hand.
const float LowestScore = 0.5f;

if (args.Length != 4)
{
    Console.Error.WriteLine("usage: dotnet run -c Release tools/DetectorFaces.cs -- <data folder> <manifest of a teacher> <its .onnx> <new folder>");
    return 2;
}

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
FaceDataset faces = FaceDatasets.Packed(
    Path.Combine(args[0], "fer2013_train_val.bin.gz"), Path.Combine(args[0], "fer2013_train_val_labels.csv.gz"), "Training", LabelSet.Fer2013,
    new FaceDatasetOptions { LeaveOutCopiesOf = ["PublicTest", "PrivateTest"], LeaveOutFlat = true, LeaveOutNotAFace = true });
using OnnxFaceDetector teacher = OnnxFaceDetector.Load(new OnnxFaceDetectorOptions { Model = ModelPackage.Load(args[1], args[2]), ScoreThreshold = LowestScore });
Directory.CreateDirectory(args[3]);

var seen = new FaceDetection?[faces.Samples.Count];
using (var tar = new TarWriter(new GZipStream(File.Create(Path.Combine(args[3], "faces.tar.gz")), CompressionLevel.Fastest)))
{
    for (int i = 0; i < seen.Length; i++)
    {
        using Frame picture = faces.Load(i);
        tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, Name(i)) { DataStream = new MemoryStream(ImageFile.Encode(picture.View, ImageSaveFormat.Png)) });
        FaceDetection? asIs = Find(picture.View, mirrored: false), mirrored = Find(picture.View, mirrored: true);
        seen[i] = mirrored?.Score > (asIs?.Score ?? 0) ? mirrored : asIs;
    }
}

RectF[] boxes = [.. seen.Where(face => face is not null).Select(face => face!.Value.Box)];
float left = Median(box => box.X), top = Median(box => box.Y);
var usual = new RectF(left, top, Median(box => box.Right) - left, Median(box => box.Bottom) - top);
using (var labels = new StreamWriter(Path.Combine(args[3], "labels.csv")))
{
    labels.WriteLine("file,split,x0,y0,x1,y1,re_x,re_y,le_x,le_y,n_x,n_y,rm_x,rm_y,lm_x,lm_y,ignore");
    for (int i = 0; i < seen.Length; i++)
    {
        RectF box = seen[i]?.Box ?? usual;
        string points = seen[i] is { } face
            ? string.Join(',', Enumerable.Range(0, FaceLandmarks.Count).Select(p => $"{face.Landmarks[p].X:0.00},{face.Landmarks[p].Y:0.00}"))
            : ",,,,,,,,,";
        labels.WriteLine($"{Name(i)},train,{box.X:0.00},{box.Y:0.00},{box.Right:0.00},{box.Bottom:0.00},{points},0");
    }
}

Console.WriteLine($"{seen.Length} faces, {boxes.Length} seen by the teacher; the usual box is from ({usual.X:0.0}, {usual.Y:0.0}) to ({usual.Right:0.0}, {usual.Bottom:0.0})");
return 0;

string Name(int index) => $"fer2013/{faces.Samples[index].Id}.png";

float Median(Func<RectF, float> edge) => boxes.Length == 0 ? throw new InvalidDataException("The teacher saw no face at all.") : boxes.Select(edge).Order().ElementAt(boxes.Length / 2);

// The best face that covers the crop's middle, in the crop's pixels.
FaceDetection? Find(FrameView crop, bool mirrored)
{
    var pixels = new byte[Side * Side];
    Array.Fill(pixels, (byte)127);
    for (int y = 0; y < Scale * Crop; y++)
    {
        for (int x = 0; x < Scale * Crop; x++)
        {
            float fromY = Math.Clamp(((y + 0.5f) / Scale) - 0.5f, 0, Crop - 1), fromX = Math.Clamp(((x + 0.5f) / Scale) - 0.5f, 0, Crop - 1);
            int top = Math.Min((int)fromY, Crop - 2), left = Math.Min((int)fromX, Crop - 2);
            ReadOnlySpan<byte> upper = crop.GetRow(top), lower = crop.GetRow(top + 1);
            float above = upper[left] + ((fromX - left) * (upper[left + 1] - upper[left])), below = lower[left] + ((fromX - left) * (lower[left + 1] - lower[left]));
            int to = mirrored ? (Scale * Crop) - 1 - x : x;
            pixels[((y + Margin) * Side) + to + Margin] = (byte)(above + ((fromY - top) * (below - above)) + 0.5f);
        }
    }

    foreach (FaceDetection face in teacher.Detect(new FrameView(pixels, Side, Side, PixelFormat.Gray8), 8))
    {
        PointF middle = face.Box.Center;
        if (MathF.Abs(middle.X - (Side / 2)) < Scale * Crop / 4 && MathF.Abs(middle.Y - (Side / 2)) < Scale * Crop / 4)
        {
            RectF box = face.Box;
            PointF At(PointF point) => new(InCrop(point.X), (point.Y - Margin) / Scale);
            float InCrop(float x) => mirrored ? Crop - ((x - Margin) / Scale) : (x - Margin) / Scale;
            FaceLandmarks p = face.Landmarks;
            return face with
            {
                Box = new RectF(mirrored ? InCrop(box.Right) : InCrop(box.X), (box.Y - Margin) / Scale, box.Width / Scale, box.Height / Scale),
                Landmarks = mirrored
                    ? new FaceLandmarks(At(p.RightEye), At(p.LeftEye), At(p.Nose), At(p.RightMouth), At(p.LeftMouth))
                    : new FaceLandmarks(At(p.LeftEye), At(p.RightEye), At(p.Nose), At(p.LeftMouth), At(p.RightMouth)),
            };
        }
    }

    return null;
}
