namespace FerSharp;

// The part "input" of a manifest.
internal static partial class ManifestMapper
{
    private const string InputPath = Root + ".input";
    private const int MaxTensorSide = 4096;

    private static readonly CropSpec DefaultCrop = new();

    private static InputJson FromInput(PreprocessingSpec input, ModelTask task) => new()
    {
        Name = input.Name,
        Layout = ManifestWords<TensorLayout>.Of(input.Layout),
        Width = input.Width,
        Height = input.Height,
        Channels = input.Channels,
        Order = ManifestWords<ChannelOrder>.Of(input.Order),
        Scale = input.Scale,
        Mean = FromNumbers(input.Mean),
        Std = FromNumbers(input.Std),
        Standardization = input.StandardizationEpsilon is { } epsilon ? new() { Epsilon = epsilon } : null,
        Resize = ManifestWords<ResizeMode>.Of(input.Resize),
        Sampling = ManifestWords<SamplingMode>.Of(input.Sampling),
        Border = ManifestWords<BorderMode>.Of(input.Border),
        PadValue = input.PadValue,
        Crop = task == ModelTask.FaceDetection && input.Crop == DefaultCrop
            ? null
            : FromCrop(input.Crop),
        AlignTo = FromPoints(input.AlignTo),
    };

    private static PreprocessingSpec ToInput(InputJson json, ModelTask task, ManifestFaults faults)
    {
        ChannelOrder order = faults.Word<ChannelOrder>($"{InputPath}.order", json.Order);
        int channels = ToChannels(json.Channels, order, faults);
        if (task == ModelTask.FaceDetection)
        {
            RejectOnDetector($"{InputPath}.crop", json.Crop, faults);
            RejectOnDetector($"{InputPath}.alignTo", json.AlignTo, faults);
        }

        return new PreprocessingSpec
        {
            Name = faults.RequiredText($"{InputPath}.name", json.Name, "the input's name in the graph"),
            Layout = faults.Word<TensorLayout>($"{InputPath}.layout", json.Layout, TensorLayout.Nchw),
            Width = faults.Whole($"{InputPath}.width", json.Width, 1, MaxTensorSide),
            Height = faults.Whole($"{InputPath}.height", json.Height, 1, MaxTensorSide),
            Channels = channels,
            Order = order,
            Scale = faults.Number($"{InputPath}.scale", json.Scale, 1, "a finite number other than 0", n => n != 0),
            Mean = ToChannelNumbers($"{InputPath}.mean", json.Mean, 0, channels, "a finite number", n => true, faults),
            Std = ToChannelNumbers($"{InputPath}.std", json.Std, 1, channels, "a finite number other than 0", n => n != 0, faults),
            StandardizationEpsilon = ToEpsilon(json.Standardization, faults),
            Resize = faults.Word<ResizeMode>($"{InputPath}.resize", json.Resize, ResizeMode.Stretch),
            Sampling = faults.Word<SamplingMode>($"{InputPath}.sampling", json.Sampling, SamplingMode.Bilinear),
            Border = faults.Word<BorderMode>($"{InputPath}.border", json.Border, BorderMode.Replicate),
            PadValue = faults.Number($"{InputPath}.padValue", json.PadValue, 0, 0, 255),
            Crop = ToCrop($"{InputPath}.crop", json.Crop, faults),
            AlignTo = ToPoints($"{InputPath}.alignTo", json.AlignTo, faults),
        };
    }

    public static CropSpec ToCrop(string path, CropJson? json, ManifestFaults faults) => new()
    {
        Margin = faults.Number($"{path}.margin", json?.Margin, 0, -0.4f, 4),
        ShiftY = faults.Number($"{path}.shiftY", json?.ShiftY, 0, -1, 1),
        Square = json?.Square ?? true,
    };

    public static CropJson FromCrop(CropSpec crop) => new() { Margin = crop.Margin, ShiftY = crop.ShiftY, Square = crop.Square };

    public static PointF[]? ToPoints(string path, List<List<float?>?>? points, ManifestFaults faults)
    {
        if (points is null)
        {
            return null;
        }

        if (points.Count != FaceLandmarks.Count)
        {
            faults.Add(path, $"has {points.Count} points; give exactly {FaceLandmarks.Count}: left eye, right eye, nose, left and right corner of the mouth.");
        }

        var template = new PointF[points.Count];
        for (int i = 0; i < template.Length; i++)
        {
            string pointPath = $"{path}[{i}]";
            if (points[i] is not { Count: 2 } point)
            {
                faults.Add(pointPath, "must be a pair [x, y] in units of the tensor's width and height.");
                continue;
            }

            float[] pair = faults.Numbers(pointPath, point, "from 0 to 1, in units of the tensor's width and height", n => n is >= 0 and <= 1);
            template[i] = new PointF(pair[0], pair[1]);
        }

        return template;
    }

    public static List<List<float?>?>? FromPoints(IReadOnlyList<PointF>? points) => points?.Select(point => (List<float?>?)[point.X, point.Y]).ToList();

    private static void RejectOnDetector(string path, object? value, ManifestFaults faults)
    {
        if (value is not null)
        {
            faults.Add(path, "is for classifiers; remove it, a detector sees the whole picture.");
        }
    }

    private static int ToChannels(int? channels, ChannelOrder order, ManifestFaults faults)
    {
        const string Path = InputPath + ".channels";
        if (channels is null)
        {
            faults.Add(Path, "is missing; give 3 for colour, 1 (or 3, repeated) for gray.");
        }
        else if (channels is not (1 or 3))
        {
            faults.Add(Path, $"is {channels}; it must be 1 or 3.");
        }
        else if (channels == 1 && order is ChannelOrder.Rgb or ChannelOrder.Bgr)
        {
            faults.Add(Path, $"is 1, but the order is {ManifestWords<ChannelOrder>.Of(order)}; give 3, or the order gray.");
        }

        return channels ?? 0;
    }

    // One value for all channels, or one for each; where the channels themselves are at fault, either.
    private static float[] ToChannelNumbers(
        string path, List<float?>? values, float fallback, int channels, string rule, Func<float, bool> holds, ManifestFaults faults)
    {
        if (values is null)
        {
            return [fallback];
        }

        if (values.Count != 1 && !(values.Count == 3 && channels != 1))
        {
            faults.Add(path, $"has {values.Count} values; give one for all channels, or one for each of the {(channels == 1 ? "1" : "3")}.");
        }

        return faults.Numbers(path, values, rule, holds);
    }

    private static float? ToEpsilon(StandardizationJson? standardization, ManifestFaults faults)
    {
        const string Path = InputPath + ".standardization.epsilon";
        if (standardization is null)
        {
            return null;
        }

        if (standardization.Epsilon is null)
        {
            faults.Add(Path, "is missing; give the number added to the deviation, above 0.");
        }

        return faults.Number(Path, standardization.Epsilon, 1, "a finite number above 0", n => n > 0);
    }

    private static List<float?> FromNumbers(IEnumerable<float> numbers) => [.. numbers.Select(n => (float?)n)];
}
