using System.Globalization;
using System.IO.Compression;
using FerSharp.Evaluation;

namespace FerSharp.Training;

/// <summary>Reads <c>labels.csv</c> or <c>labels.csv.gz</c>: a row for each face or ignored region, by the columns' names.</summary>
internal static class DetectionLabels
{
    private static readonly string[] Columns =
        ["file", "split", "x0", "y0", "x1", "y1", "re_x", "re_y", "le_x", "le_y", "n_x", "n_y", "rm_x", "rm_y", "lm_x", "lm_y", "ignore"];

    /// <summary>The faces of each picture of a part, in the order of the pictures' first rows.</summary>
    /// <exception cref="FileNotFoundException">There is no such table.</exception>
    /// <exception cref="InvalidDataException">A column is missing, or a row is not one of a face.</exception>
    public static Dictionary<string, List<TrueFace>> Read(string folder, string part)
    {
        string plain = Path.Combine(folder, "labels.csv"), packed = plain + ".gz";
        if (!File.Exists(plain) && !File.Exists(packed))
        {
            throw new FileNotFoundException("There is neither labels.csv nor labels.csv.gz in the folder of the pictures.", plain);
        }

        using Stream file = File.Exists(plain) ? File.OpenRead(plain) : new GZipStream(File.OpenRead(packed), CompressionMode.Decompress);
        using var text = new StreamReader(file);
        return Read(text, part);
    }

    public static Dictionary<string, List<TrueFace>> Read(TextReader text, string part)
    {
        string[] header = text.ReadLine()?.Split(',') ?? [];
        int[] at = Array.ConvertAll(Columns, column => Array.IndexOf(header, column));
        if (Columns.Where((_, i) => at[i] < 0).ToArray() is { Length: > 0 } missing)
        {
            throw new InvalidDataException($"The labels lack the columns {string.Join(", ", missing)}.");
        }

        var pictures = new Dictionary<string, List<TrueFace>>(StringComparer.Ordinal);
        for (int number = 2; text.ReadLine() is { } line; number++)
        {
            string[] fields = line.Split(',');
            if (fields.Length != header.Length)
            {
                throw new InvalidDataException($"Line {number} of the labels has {fields.Length} fields; the first line has {header.Length}.");
            }

            if (fields[at[1]] != part)
            {
                continue;
            }

            string picture = fields[at[0]];
            if (!pictures.TryGetValue(picture, out List<TrueFace>? faces))
            {
                pictures[picture] = faces = [];
            }

            // A row without a box says that the picture has no face.
            if (fields[at[2]].Length > 0)
            {
                faces.Add(Face(Array.ConvertAll(at[2..16], i => fields[i]), fields[at[16]] == "1")
                    ?? throw new InvalidDataException($"Line {number} of the labels is no face: a box needs four numbers and a size, points are ten numbers or none."));
            }
        }

        return pictures;
    }

    private static TrueFace? Face(string[] fields, bool ignored)
    {
        Span<float> values = stackalloc float[14];
        bool hasPoints = fields[4].Length > 0;
        for (int i = 0; i < (hasPoints ? 14 : 4); i++)
        {
            if (!float.TryParse(fields[i], NumberStyles.Float, CultureInfo.InvariantCulture, out values[i]) || !float.IsFinite(values[i]))
            {
                return null;
            }
        }

        var box = new RectF(values[0], values[1], values[2] - values[0], values[3] - values[1]);
        FaceLandmarks points = hasPoints
            ? new FaceLandmarks(new(values[4], values[5]), new(values[6], values[7]), new(values[8], values[9]), new(values[10], values[11]), new(values[12], values[13]))
            : default;
        return box.Width > 0 && box.Height > 0 ? new TrueFace(box, ignored, points) : null;
    }
}
