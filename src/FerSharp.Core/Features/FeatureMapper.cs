namespace FerSharp;

// Between a list of features in a file and the records, with all the rules that the types do not express. One set of rules serves reader, writer and factory.
internal static class FeatureMapper
{
    private const string Root = ManifestParser.Root;
    private const int MinLbpCell = 4;

    public static FeatureJson FromSpec(FeatureSpec spec) => spec switch
    {
        LbpSpec lbp => FromTexture(lbp, new FeatureJson { Kind = ManifestWords<FeatureKind>.Of(FeatureKind.Lbp), Radius = lbp.Radius, Grid = lbp.Grid }),
        HogSpec hog => FromTexture(hog, new FeatureJson
        {
            Kind = ManifestWords<FeatureKind>.Of(FeatureKind.Hog),
            CellSize = hog.CellSize,
            BlockSize = hog.BlockSize,
            Bins = hog.Bins,
            Votes = ManifestWords<HogVotes>.Of(hog.Votes),
        }),
        _ => new FeatureJson { Kind = ManifestWords<FeatureKind>.Of(FeatureKind.Geometry), Points = ((GeometrySpec)spec).Points },
    };

    // What it returns is only good where no fault was added.
    public static List<FeatureSpec> ToSpecs(List<FeatureJson> features, ManifestFaults faults)
    {
        var specs = new List<FeatureSpec>();
        if (features.Count == 0)
        {
            faults.Add(Root, "has no entry; give at least one kind of features.");
        }

        for (int i = 0; i < features.Count; i++)
        {
            string path = $"{Root}[{i}]";
            if (features[i] is { } json)
            {
                specs.Add(ToSpec(path, json, faults));
            }
            else
            {
                faults.Add(path, "is null; give an object { }.");
            }
        }

        return specs;
    }

    private static FeatureJson FromTexture(TextureSpec spec, FeatureJson json)
    {
        json.Size = spec.Size;
        json.Crop = ManifestMapper.FromCrop(spec.Crop);
        json.AlignTo = ManifestMapper.FromPoints(spec.AlignTo);
        return json;
    }

    private static FeatureSpec ToSpec(string path, FeatureJson json, ManifestFaults faults)
    {
        FeatureKind kind = faults.Word<FeatureKind>($"{path}.kind", json.Kind);
        if (!ManifestWords<FeatureKind>.TryParse(json.Kind ?? "", out _))
        {
            return new GeometrySpec();
        }

        bool texture = kind != FeatureKind.Geometry;
        Reject(texture, "lbp and hog", [("size", json.Size), ("crop", json.Crop), ("alignTo", json.AlignTo)]);
        Reject(kind == FeatureKind.Lbp, "lbp", [("radius", json.Radius), ("grid", json.Grid)]);
        Reject(kind == FeatureKind.Hog, "hog", [("cellSize", json.CellSize), ("blockSize", json.BlockSize), ("bins", json.Bins), ("votes", json.Votes)]);
        Reject(!texture, "geometry", [("points", json.Points)]);
        return kind switch
        {
            FeatureKind.Lbp => ToLbp(path, json, faults),
            FeatureKind.Hog => ToHog(path, json, faults),
            _ => ToGeometry(path, json, faults),
        };

        void Reject(bool belongs, string where, ReadOnlySpan<(string Name, object? Value)> members)
        {
            foreach ((string name, object? value) in members)
            {
                if (!belongs && value is not null)
                {
                    faults.Add($"{path}.{name}", $"is for {where}; remove it from {json.Kind}.");
                }
            }
        }
    }

    private static LbpSpec ToLbp(string path, FeatureJson json, ManifestFaults faults)
    {
        var defaults = new LbpSpec();
        int size = ToSize(path, json, defaults, faults);
        return new LbpSpec
        {
            Size = size,
            Crop = ManifestMapper.ToCrop($"{path}.crop", json.Crop, faults),
            AlignTo = ManifestMapper.ToPoints($"{path}.alignTo", json.AlignTo, faults),
            Radius = faults.Whole($"{path}.radius", json.Radius ?? defaults.Radius, 1, 2),
            Grid = faults.Whole($"{path}.grid", json.Grid ?? defaults.Grid, 1, Math.Max(size / MinLbpCell, 1)),
        };
    }

    private static HogSpec ToHog(string path, FeatureJson json, ManifestFaults faults)
    {
        var defaults = new HogSpec();
        int size = ToSize(path, json, defaults, faults);
        int cell = faults.Whole($"{path}.cellSize", json.CellSize ?? defaults.CellSize, 2, Math.Max(size, 2));
        if (cell < 1 || size % cell != 0)
        {
            faults.Add($"{path}.cellSize", $"is {cell}; the crop's side of {size} pixels must be a multiple of it.");
        }

        return new HogSpec
        {
            Size = size,
            Crop = ManifestMapper.ToCrop($"{path}.crop", json.Crop, faults),
            AlignTo = ManifestMapper.ToPoints($"{path}.alignTo", json.AlignTo, faults),
            CellSize = cell,
            BlockSize = faults.Whole($"{path}.blockSize", json.BlockSize ?? defaults.BlockSize, 1, Math.Clamp(size / Math.Max(cell, 1), 1, 4)),
            Bins = faults.Whole($"{path}.bins", json.Bins ?? defaults.Bins, 2, 36),
            Votes = faults.Word<HogVotes>($"{path}.votes", json.Votes, defaults.Votes),
        };
    }

    private static GeometrySpec ToGeometry(string path, FeatureJson json, ManifestFaults faults)
    {
        int points = json.Points ?? FaceLandmarks.Count;
        if (points is not (FaceLandmarks.Count or Features.FaceShape.Count))
        {
            faults.Add($"{path}.points", $"is {points}; it must be {FaceLandmarks.Count} or {Features.FaceShape.Count}.");
        }

        return new GeometrySpec { Points = points };
    }

    private static int ToSize(string path, FeatureJson json, TextureSpec defaults, ManifestFaults faults) =>
        faults.Whole($"{path}.size", json.Size ?? defaults.Size, TextureSpec.MinSize, TextureSpec.MaxSize);
}
