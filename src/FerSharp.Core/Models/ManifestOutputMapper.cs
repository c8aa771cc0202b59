namespace FerSharp;

// The part "output" of a manifest.
internal static partial class ManifestMapper
{
    private const string OutputPath = Root + ".output";
    private const string Ignore = "ignore";
    private const int MaxOutputs = 100_000;

    private const float DefaultReliableFaceSize = 20;

    private static readonly float[] DefaultVariances = [0.1f, 0.2f];

    // A manifest with both parts gets the members of both, which the rules refuse.
    private static OutputJson? FromOutput(ClassifierOutputSpec? classifier, DetectorOutputSpec? detector) =>
        classifier is null && detector is null ? null : new()
        {
            Name = classifier?.Name,
            Activation = classifier is null ? null : ManifestWords<OutputActivation>.Of(classifier.Activation),
            Labels = classifier?.Labels.Select(label => (string?)(label is { } noun ? ManifestWords<Emotion>.Of(noun) : Ignore)).ToList(),
            Temperature = classifier?.Temperature,
            ValenceIndex = classifier?.ValenceIndex,
            ArousalIndex = classifier?.ArousalIndex,
            Embedding = classifier?.Embedding,
            Decoder = detector?.Decoder,
            Names = detector?.Names.ToList<string?>(),
            ScoreThreshold = detector?.ScoreThreshold,
            NmsThreshold = detector?.NmsThreshold,
            Strides = detector is null or { Strides.Count: 0 } ? null : [.. detector.Strides.Select(n => (int?)n)],
            AnchorSizes = detector is null or { AnchorSizes.Count: 0 } ? null : [.. detector.AnchorSizes.Select(FromNumbers)],
            Variances = detector is null || detector.Variances.SequenceEqual(DefaultVariances) ? null : FromNumbers(detector.Variances),
            ReliableFaceSize = detector is null or { ReliableFaceSize: DefaultReliableFaceSize } ? null : detector.ReliableFaceSize,
        };

    private static ClassifierOutputSpec ToClassifier(OutputJson json, ManifestFaults faults)
    {
        (string Name, object? Value)[] foreign =
        [
            ("decoder", json.Decoder), ("names", json.Names), ("scoreThreshold", json.ScoreThreshold), ("nmsThreshold", json.NmsThreshold),
            ("strides", json.Strides), ("anchorSizes", json.AnchorSizes), ("variances", json.Variances), ("reliableFaceSize", json.ReliableFaceSize),
        ];
        RejectForeign(foreign, ModelTask.FaceDetection, faults);

        Emotion?[] labels = ToLabels(json.Labels, faults);
        int? valence = ToAffectIndex($"{OutputPath}.valenceIndex", json.ValenceIndex, labels, faults);
        int? arousal = ToAffectIndex($"{OutputPath}.arousalIndex", json.ArousalIndex, labels, faults);
        if (valence is not null && valence == arousal)
        {
            faults.Add($"{OutputPath}.arousalIndex", $"is {arousal}, as valenceIndex is; each has an output of its own.");
        }

        return new ClassifierOutputSpec
        {
            Name = faults.RequiredText($"{OutputPath}.name", json.Name, "the output's name in the graph"),
            Activation = faults.Word<OutputActivation>($"{OutputPath}.activation", json.Activation),
            Labels = labels,
            Temperature = faults.Number($"{OutputPath}.temperature", json.Temperature, 1, "a finite number above 0", n => n > 0),
            ValenceIndex = valence,
            ArousalIndex = arousal,
            Embedding = faults.OptionalText($"{OutputPath}.embedding", json.Embedding),
        };
    }

    private static DetectorOutputSpec ToDetector(OutputJson json, ManifestFaults faults)
    {
        (string Name, object? Value)[] foreign =
        [
            ("name", json.Name), ("activation", json.Activation), ("labels", json.Labels), ("temperature", json.Temperature),
            ("valenceIndex", json.ValenceIndex), ("arousalIndex", json.ArousalIndex), ("embedding", json.Embedding),
        ];
        RejectForeign(foreign, ModelTask.EmotionClassification, faults);

        int[] strides = ToStrides(json.Strides, faults);
        return new DetectorOutputSpec
        {
            Decoder = faults.RequiredText($"{OutputPath}.decoder", json.Decoder, "the name of a decoder that the backend documents"),
            Names = ToNames(json.Names, faults),
            ScoreThreshold = faults.Number($"{OutputPath}.scoreThreshold", json.ScoreThreshold, 0.5f, 0, 1),
            NmsThreshold = faults.Number($"{OutputPath}.nmsThreshold", json.NmsThreshold, 0.4f, 0, 1),
            Strides = strides,
            AnchorSizes = ToAnchorSizes(json.AnchorSizes, strides.Length, faults),
            Variances = ToVariances(json.Variances, faults),
            ReliableFaceSize = faults.Number($"{OutputPath}.reliableFaceSize", json.ReliableFaceSize, DefaultReliableFaceSize, "a finite number above 0", n => n > 0),
        };
    }

    private static void RejectForeign(ReadOnlySpan<(string Name, object? Value)> members, ModelTask owner, ManifestFaults faults)
    {
        foreach ((string name, object? value) in members)
        {
            if (value is not null)
            {
                faults.Add($"{OutputPath}.{name}", $"belongs to the task {ManifestWords<ModelTask>.Of(owner)}; remove it or correct $.task.");
            }
        }
    }

    private static Emotion?[] ToLabels(List<string?>? words, ManifestFaults faults)
    {
        const int MaxLabels = 1000;
        const string Path = OutputPath + ".labels";
        if (words is null)
        {
            faults.Add(Path, $"is missing; list the expression of each output in the model's own order: {ManifestWords<Emotion>.All}, or {Ignore}.");
            return [];
        }

        if (words.Count > MaxLabels)
        {
            faults.Add(Path, $"names {words.Count} outputs; at most {MaxLabels} are supported.");
            return [];
        }

        var labels = new Emotion?[words.Count];
        for (int i = 0; i < labels.Length; i++)
        {
            if (words[i] is null or Ignore)
            {
                continue;
            }

            if (!ManifestWords<Emotion>.TryParse(words[i]!, out Emotion label))
            {
                faults.Add($"{Path}[{i}]", $"is {ManifestFaults.Quote(words[i]!)}; it must be one of {ManifestWords<Emotion>.All}, or {Ignore}.");
                continue;
            }

            int first = Array.IndexOf(labels, label);
            if (first >= 0)
            {
                faults.Add($"{Path}[{i}]", $"is {words[i]}, as [{first}] is; give each expression once and {Ignore} for an output that is to be dropped.");
            }

            labels[i] = label;
        }

        if (words.Count(word => word is not (null or Ignore)) < 2)
        {
            faults.Add(Path, "must name at least two expressions.");
        }

        return labels;
    }

    private static int? ToAffectIndex(string path, int? index, Emotion?[] labels, ManifestFaults faults)
    {
        if (index is not { } i)
        {
            return null;
        }

        faults.Whole(path, i, 0, MaxOutputs);
        if (i >= 0 && i < labels.Length && labels[i] is { } label)
        {
            faults.Add(path, $"is {i}, but that output has the label {ManifestWords<Emotion>.Of(label)}; label it {Ignore} or correct the index.");
        }

        return i;
    }

    private static string[] ToNames(List<string?>? names, ManifestFaults faults)
    {
        const string Path = OutputPath + ".names";
        if (names is null or [])
        {
            faults.Add(Path, "is missing or empty; list the graph's outputs in the order that the decoder documents.");
            return [];
        }

        var listed = new string[names.Count];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < listed.Length; i++)
        {
            listed[i] = faults.RequiredText($"{Path}[{i}]", names[i], "an output's name in the graph");
            if (!seen.Add(listed[i]))
            {
                faults.Add($"{Path}[{i}]", $"is {ManifestFaults.Quote(listed[i])}, which is listed before; give each output once.");
            }
        }

        return listed;
    }

    private static int[] ToStrides(List<int?>? strides, ManifestFaults faults)
    {
        var cells = new int[strides?.Count ?? 0];
        for (int i = 0; i < cells.Length; i++)
        {
            cells[i] = faults.Whole($"{OutputPath}.strides[{i}]", strides![i], 1, MaxTensorSide);
        }

        return cells;
    }

    private static float[][] ToAnchorSizes(List<List<float?>?>? sizes, int strides, ManifestFaults faults)
    {
        const string Path = OutputPath + ".anchorSizes";
        if (sizes is null or [])
        {
            return [];
        }

        if (sizes.Count != strides)
        {
            faults.Add(Path, $"has {sizes.Count} lists for {strides} strides; give one list for each stride.");
        }

        var anchors = new float[sizes.Count][];
        for (int i = 0; i < anchors.Length; i++)
        {
            if (sizes[i] is null or [])
            {
                faults.Add($"{Path}[{i}]", "is empty; give at least one size.");
            }

            anchors[i] = faults.Numbers($"{Path}[{i}]", sizes[i] ?? [], "a finite number above 0", n => n > 0);
        }

        return anchors;
    }

    private static float[] ToVariances(List<float?>? variances, ManifestFaults faults)
    {
        const string Path = OutputPath + ".variances";
        if (variances is null)
        {
            return [.. DefaultVariances];
        }

        if (variances.Count != 2)
        {
            faults.Add(Path, $"has {variances.Count} values; give exactly two: of the centre and of the size.");
        }

        return faults.Numbers(Path, variances, "a finite number above 0", n => n > 0);
    }
}
