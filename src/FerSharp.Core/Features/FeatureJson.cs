namespace FerSharp;

// One entry of a list of features as it stands in the file: everything may be missing.
internal sealed class FeatureJson
{
    public string? Kind { get; set; }

    public int? Size { get; set; }

    public CropJson? Crop { get; set; }

    public List<List<float?>?>? AlignTo { get; set; }

    public int? Radius { get; set; }

    public int? Grid { get; set; }

    public int? CellSize { get; set; }

    public int? BlockSize { get; set; }

    public int? Bins { get; set; }

    public string? Votes { get; set; }

    public int? Points { get; set; }
}

// The kinds of features, in a file and on a command line.
internal enum FeatureKind
{
    Lbp,
    Hog,
    Geometry,
}
