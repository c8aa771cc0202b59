using FerSharp.Evaluation;
using FerSharp.Training;

namespace FerSharp.Train;

/// <summary>Finds the pictures to learn from and those to validate on in a folder: FER-2013 in either form, or pictures in class folders.</summary>
internal sealed class DataFolder(string path, CancellationToken cancellationToken)
{
    private const string Packed = "fer2013_train_val.bin.gz", PackedLabels = "fer2013_train_val_labels.csv.gz", Csv = "fer2013.csv", Votes = "fer2013new.csv";

    private static readonly string[] ValidationNames = ["validation", "val", "valid"];

    /// <summary>The pictures to learn from: no copies of test pictures, no flat ones, and none that is not a face by the votes.</summary>
    public TrainingSet Learning(int side) => Read("Training", side, learning: true);

    /// <summary>The pictures that choose the best epoch, as they are.</summary>
    public TrainingSet Validation(int side) => Read("PublicTest", side, learning: false);

    private TrainingSet Read(string usage, int side, bool learning)
    {
        bool hasVotes = Has(Packed) || Has(Votes);
        FaceDatasetOptions options = learning
            ? new FaceDatasetOptions { LeaveOutCopiesOf = ["PublicTest", "PrivateTest"], LeaveOutFlat = true, LeaveOutNotAFace = hasVotes }
            : new FaceDatasetOptions();
        if (!Has(Packed) && !Has(Csv))
        {
            return Told(TrainingSet.From(ClassFolders(learning), side: side, cancellationToken: cancellationToken));
        }

        FaceDataset own = Open(usage, LabelSet.Fer2013, options);
        foreach ((string rule, int count) in own.LeftOut)
        {
            Console.WriteLine($"{usage}: left out {count}: {rule}");
        }

        return Told(TrainingSet.From(own, hasVotes ? Open(usage, LabelSet.FerPlusMajority, options) : null, side, cancellationToken));
    }

    private FaceDataset Open(string usage, LabelSet labels, FaceDatasetOptions options) =>
        Has(Packed) ? FaceDatasets.Packed(In(Packed), In(PackedLabels), usage, labels, options, cancellationToken)
        : Has(Votes) ? FaceDatasets.FerPlusCsv(In(Csv), In(Votes), usage, labels, options, cancellationToken)
        : FaceDatasets.Fer2013Csv(In(Csv), usage, options, cancellationToken);

    /// <summary>The folders train and validation, or else four fifths and one fifth of all.</summary>
    private FaceDataset ClassFolders(bool learning)
    {
        if (ValidationNames.FirstOrDefault(name => Directory.Exists(In(name))) is { } validation && Directory.Exists(In("train")))
        {
            return FaceDatasets.Folders(path, learning ? "train" : validation, cancellationToken: cancellationToken);
        }

        FaceDataset all = FaceDatasets.Folders(path, cancellationToken: cancellationToken);
        return DatasetSplits.Stratified(all, [new SplitPart("train", 0.8), new SplitPart("validation", 0.2)], seed: 1)[learning ? 0 : 1];
    }

    private static TrainingSet Told(TrainingSet set)
    {
        Console.WriteLine($"{set.Info.Name} {set.Info.Split}: {set.Count} pictures, {set.Info.Sha256}");
        return set;
    }

    private bool Has(string name) => File.Exists(In(name));

    private string In(string name) => Path.Combine(path, name);
}
