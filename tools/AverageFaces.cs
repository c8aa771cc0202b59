#:package SkiaSharp
#:package SkiaSharp.NativeAssets.Linux.NoDependencies
#:property PublishAot=false

// Makes a picture of seven faces that belong to nobody: for each class of FER-2013 (neutral, happiness, surprise, sadness, anger, disgust,
// fear) the mean of 162 (disgust) to 1,000 Training pictures.
//
//   dotnet run tools/AverageFaces.cs -- <data folder> <picture.png>
//
// 1. Left out: pictures that are no face (all ten FER+ votes), flat ones, copies of test pictures. A picture's weight is the square of its
//    number of FER+ votes for its own class; of each class the 2,000 pictures with the most votes are taken.
//    Weights are cut off at 1/400 of their class's sum, so that no single face shows in a small class.
// 2. Every picture is laid onto a common mean face by a similarity transform (congealing: Learned-Miller 2006), then onto its class's mean;
//    plain means are too blurry. The half that fits its class's mean best is kept, at least 150 pictures.
// 3. The mean is made symmetric, moved away from the mean of all classes (a caricature: Brennan 1985) and sharpened, so that the expression
//    shows in spite of the averaging.
// 4. Each face is feathered into a gray ground.

using System.Globalization;
using System.IO.Compression;
using SkiaSharp;

const int Side = 48, Pixels = Side * Side;
const int Grid = 192;            // side of a mean face
const double Reach = 8;          // how far the mean face reaches beyond the 48 x 48 crop on each side, in its pixels
const int Most = 2000;           // pictures of a class, those with the most votes
const float LargestShare = 1 / 400f;
const double Caricature = 0.7, Sharpening = 0.9;

if (args.Length != 2)
{
    Console.Error.WriteLine("usage: dotnet run tools/AverageFaces.cs -- <data folder> <picture.png>");
    return 2;
}

// The classes in the picture's order, with their numbers in FER-2013.
(string Name, int Code)[] classes = [("neutral", 6), ("happiness", 3), ("surprise", 5), ("sadness", 4), ("anger", 0), ("disgust", 1), ("fear", 2)];
List<Picture> pictures = Load(args[0], classes);
(int At, double X, double Y, double Weight)[] window = Window();

float[] common = [];
for (int round = 0; round < 3; round++)
{
    common = Template(pictures);
    Align(pictures, common, round == 0 ? 1 : 0.5);
    Recentre(pictures);
}

var means = new float[classes.Length][];
for (int c = 0; c < classes.Length; c++)
{
    List<Picture> members = [.. pictures.Where(p => p.Class == c)];
    for (int round = 0; round < 2; round++)
    {
        // The common face keeps a mouth from being laid onto a nose.
        float[] own = Template(members);
        Align(members, [.. own.Zip(common, (o, all) => o + all)], 0.5);
    }

    List<Picture> typical = [.. members.OrderByDescending(p => p.Fit).Take(Math.Max(members.Count / 2, 150))];
    means[c] = Mean(typical);
    Console.WriteLine($"{classes[c].Name}: {typical.Count} of {members.Count} pictures, mean correlation {typical.Average(p => p.Fit):F2}");
}

Draw([.. means.Select(m => Finish(m, means))], args[1]);
return 0;

static List<Picture> Load(string folder, (string Name, int Code)[] classes)
{
    static Stream Open(string path) => new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
    using var labels = new StreamReader(Open(Path.Combine(folder, "fer2013_train_val_labels.csv.gz")));
    using Stream pixels = Open(Path.Combine(folder, "fer2013_train_val.bin.gz"));
    string[] header = labels.ReadLine()!.Split(',');
    int Column(string name) => Array.IndexOf(header, name);
    int usage = Column("usage"), emotion = Column("emotion"), copy = Column("copy_in_test"), noFace = Column("fp_nf");
    int[] votes = [.. classes.Select(c => Column("fp_" + c.Name))];
    var result = new List<Picture>();
    var buffer = new byte[Pixels];
    while (labels.ReadLine() is { } line)
    {
        pixels.ReadExactly(buffer);
        string[] row = line.Split(',');
        int Number(int column) => int.Parse(row[column], CultureInfo.InvariantCulture);
        int index = Array.FindIndex(classes, c => c.Code == Number(emotion));
        float[] gray = [.. buffer.Select(b => (float)b)];
        if (row[usage] == "Training" && Number(noFace) < 10 && Number(copy) == 0 && Number(votes[index]) > 0 && Standardise(gray))
        {
            int own = Number(votes[index]);
            result.Add(new Picture(index, own * own, gray, BandPass(gray)));
        }
    }

    result = [.. result.GroupBy(p => p.Class).SelectMany(g => g.OrderByDescending(p => p.Weight).Take(Most))];
    foreach (IGrouping<int, Picture> label in result.GroupBy(p => p.Class))
    {
        float most = LargestShare * label.Sum(p => p.Weight);
        foreach (Picture picture in label)
        {
            picture.Weight = Math.Min(picture.Weight, most);
        }
    }

    return result;
}

// To mean 0 and deviation 1; false where the picture is flat.
static bool Standardise(float[] values)
{
    float mean = values.Average();
    double deviation = Math.Sqrt(values.Average(v => (v - mean) * (double)(v - mean)));
    for (int i = 0; i < values.Length; i++)
    {
        values[i] = (float)((values[i] - mean) / Math.Max(deviation, 1e-6));
    }

    return deviation > 8;
}

// What eyes, brows, nose and mouth are made of, without light and shade.
static float[] BandPass(float[] gray)
{
    float[] fine = Blur(gray, Side, 1), coarse = Blur(gray, Side, 5);
    return [.. fine.Zip(coarse, (f, c) => f - c)];
}

static float[] Blur(float[] values, int side, double sigma)
{
    int radius = (int)Math.Ceiling(3 * sigma);
    double[] kernel = [.. Enumerable.Range(-radius, (2 * radius) + 1).Select(k => Math.Exp(-k * k / (2 * sigma * sigma)))];
    double total = kernel.Sum();
    float[] Pass(float[] from, int step, int across)
    {
        var to = new float[from.Length];
        for (int line = 0; line < side; line++)
        {
            for (int i = 0; i < side; i++)
            {
                double sum = 0;
                for (int k = -radius; k <= radius; k++)
                {
                    sum += kernel[k + radius] * from[(line * across) + (Math.Clamp(i + k, 0, side - 1) * step)];
                }

                to[(line * across) + (i * step)] = (float)(sum / total);
            }
        }

        return to;
    }

    return Pass(Pass(values, 1, side), side, 1);
}

// The pixels of the template that count when a picture is laid onto it, with offsets from the face's middle.
static (int At, double X, double Y, double Weight)[] Window() =>
[
    .. from at in Enumerable.Range(0, Pixels)
       let x = (at % Side) + 0.5 - 24
       let y = (at / Side) + 0.5 - 25
       let weight = Math.Exp(-((x * x / 196) + (y * y / 289)))
       where weight > 0.15 && ((at % Side) + (at / Side)) % 2 == 0
       select (at, x, y, weight),
];

static float Sample(float[] image, double x, double y)
{
    x = Math.Clamp(x - 0.5, 0, Side - 1.001);
    y = Math.Clamp(y - 0.5, 0, Side - 1.001);
    int i = (int)x, j = (int)y, at = (j * Side) + i;
    float u = (float)(x - i), v = (float)(y - j);
    float top = image[at] + (u * (image[at + 1] - image[at])), bottom = image[at + Side] + (u * (image[at + Side + 1] - image[at + Side]));
    return top + (v * (bottom - top));
}

// Correlation of the picture, laid onto the template, with the template.
double Fit(Picture picture, float[] template, ReadOnlySpan<double> pose)
{
    var map = new Map(pose);
    double a = 0, b = 0, aa = 0, bb = 0, ab = 0, total = 0;
    foreach ((int at, double x, double y, double weight) in window)
    {
        double p = Sample(picture.Features, map.X(x, y), map.Y(x, y)), t = template[at];
        (a, b, aa, bb, ab, total) = (a + (weight * p), b + (weight * t), aa + (weight * p * p), bb + (weight * t * t), ab + (weight * p * t), total + weight);
    }

    return ((ab * total) - (a * b)) / Math.Sqrt(Math.Max(1e-9, ((aa * total) - (a * a)) * ((bb * total) - (b * b))));
}

// The symmetric mean of the pictures' features in their poses, with deviation 1.
static float[] Template(List<Picture> members)
{
    var sum = new float[Pixels];
    foreach (Picture picture in members)
    {
        var map = new Map(picture.Pose);
        for (int at = 0; at < Pixels; at++)
        {
            double x = (at % Side) + 0.5 - 24, y = (at / Side) + 0.5 - 25;
            sum[at] += picture.Weight * Sample(picture.Features, map.X(x, y), map.Y(x, y));
        }
    }

    sum = [.. sum.Select((v, at) => v + sum[(at / Side * Side) + Side - 1 - (at % Side)])];
    Standardise(sum);
    return sum;
}

// Each picture's pose climbs to the best correlation with the template.
void Align(List<Picture> members, float[] template, double start)
{
    double[] steps = [2 * start, 2 * start, 0.08 * start, 0.08 * start], limits = [5, 5, 0.2, 0.4];
    Parallel.ForEach(members, picture =>
    {
        double best = Fit(picture, template, picture.Pose);
        Span<double> trial = stackalloc double[4];
        for (double size = 1; size > 0.1; size /= 2)
        {
            for (bool better = true; better;)
            {
                better = false;
                for (int k = 0; k < 8; k++)
                {
                    picture.Pose.CopyTo(trial);
                    trial[k / 2] = Math.Clamp(trial[k / 2] + ((k % 2 == 0 ? size : -size) * steps[k / 2]), -limits[k / 2], limits[k / 2]);
                    double fit = Fit(picture, template, trial);
                    if (fit > best + 1e-4)
                    {
                        (best, better) = (fit, true);
                        trial.CopyTo(picture.Pose);
                    }
                }
            }
        }

        picture.Fit = best;
    });
}

// Keeps the common frame from drifting.
static void Recentre(List<Picture> pictures)
{
    for (int k = 0; k < 4; k++)
    {
        double mean = pictures.Average(p => p.Pose[k]);
        pictures.ForEach(p => p.Pose[k] -= mean);
    }
}

// The weighted mean in the pictures' poses, symmetric; a picture counts only where it has pixels.
static float[] Mean(List<Picture> pictures)
{
    var sum = new double[Grid * Grid];
    var count = new double[Grid * Grid];
    double unit = (Side + (2 * Reach)) / Grid;
    Parallel.For(0, Grid, row =>
    {
        foreach (Picture picture in pictures)
        {
            var map = new Map(picture.Pose);
            for (int column = 0; column < Grid; column++)
            {
                double x = ((column + 0.5) * unit) - Reach - 24, y = ((row + 0.5) * unit) - Reach - 25;
                double px = map.X(x, y), py = map.Y(x, y);
                if (px is >= 0 and <= Side && py is >= 0 and <= Side)
                {
                    sum[(row * Grid) + column] += picture.Weight * Sample(picture.Gray, px, py);
                    count[(row * Grid) + column] += picture.Weight;
                }
            }
        }
    });
    float[] mean = [.. sum.Zip(count, (s, n) => (float)(s / (n + (0.01 * pictures.Sum(p => p.Weight)))))];
    return [.. mean.Select((v, at) => (v + mean[(at / Grid * Grid) + Grid - 1 - (at % Grid)]) / 2)];
}

// Caricature, sharpening and contrast; values 0 to 255.
static float[] Finish(float[] mean, float[][] all)
{
    float[] face = [.. mean.Select((v, at) => (float)(v + (Caricature * (v - all.Average(m => m[at])))))];
    float[] smooth = Blur(face, Grid, 5);
    face = [.. face.Zip(smooth, (f, s) => (float)(f + (Sharpening * (f - s))))];
    float[] inner = [.. face.Where((_, at) => Distance(at % Grid, at / Grid) < 0.7)];
    float middle = inner.Average();
    double deviation = Math.Sqrt(inner.Average(v => (v - middle) * (double)(v - middle)));
    return [.. face.Select(v => (float)Math.Clamp(150 + (38 * (v - middle) / deviation), 0, 255))];
}

// How far out a point of a mean face lies: 1 on the ellipse about the head.
static double Distance(double column, double row)
{
    double unit = (Side + (2 * Reach)) / Grid;
    double x = ((column + 0.5) * unit) - Reach - 24, y = ((row + 0.5) * unit) - Reach - 24.5;
    return Math.Sqrt((x * x / (22.5 * 22.5)) + (y * y / (27.5 * 27.5)));
}

static void Draw(float[][] faces, string path)
{
    const int Width = 1120, Height = 620, CellWidth = 270, CellHeight = 300;
    var ground = new byte[Width * Height];
    Array.Fill(ground, (byte)88);
    for (int k = 0; k < faces.Length; k++)
    {
        int perRow = k < 4 ? 4 : 3, column = k < 4 ? k : k - 4;
        double left = (Width / 2.0) + ((column - (perRow / 2.0)) * CellWidth) + ((CellWidth - 256) / 2.0), top = 10 + (k < 4 ? 0 : CellHeight) + ((CellHeight - 256) / 2.0);
        for (int y = 0; y < 256; y++)
        {
            for (int x = 0; x < 256; x++)
            {
                double u = (x * (Grid / 256.0)), v = (y * (Grid / 256.0));
                double far = Math.Clamp((Distance(u, v) - 0.78) / 0.32, 0, 1);
                double share = 1 - (far * far * (3 - (2 * far)));
                int i = Math.Min((int)u, Grid - 2), j = Math.Min((int)v, Grid - 2), at = (j * Grid) + i;
                double fx = u - i, fy = v - j;
                double value = ((1 - fy) * (((1 - fx) * faces[k][at]) + (fx * faces[k][at + 1]))) + (fy * (((1 - fx) * faces[k][at + Grid]) + (fx * faces[k][at + Grid + 1])));
                ref byte pixel = ref ground[(((int)top + y) * Width) + (int)left + x];
                pixel = (byte)Math.Round((share * value) + ((1 - share) * pixel));
            }
        }
    }

    using SKImage picture = SKImage.FromPixelCopy(new SKImageInfo(Width, Height, SKColorType.Gray8), ground, Width);
    using SKData png = picture.Encode(SKEncodedImageFormat.Png, 100);
    Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
    using FileStream file = File.Create(path);
    png.SaveTo(file);
}

// From an offset from the mean face's middle to a place in a picture.
internal readonly struct Map(ReadOnlySpan<double> pose)
{
    private readonly double _x = 24 + pose[0], _y = 25 + pose[1];
    private readonly double _cos = Math.Exp(pose[2]) * Math.Cos(pose[3]), _sin = Math.Exp(pose[2]) * Math.Sin(pose[3]);

    public double X(double x, double y) => _x + (_cos * x) - (_sin * y);

    public double Y(double x, double y) => _y + (_sin * x) + (_cos * y);
}

internal sealed class Picture(int label, float weight, float[] gray, float[] features)
{
    public int Class => label;

    public float Weight { get; set; } = weight;

    public float[] Gray => gray;

    public float[] Features => features;

    /// <summary>Shift in x and y, logarithm of the scale, turn in radians: from the mean face to this picture.</summary>
    public double[] Pose { get; } = new double[4];

    public double Fit { get; set; }
}
