namespace FerSharp.Onnx.Tests.Decoding;

/// <summary>What a decoder should find, in double precision: one box with its score and, where the family has them, five points.</summary>
internal sealed record Expected(double Left, double Top, double Width, double Height, double Score, double[]? Points = null);

/// <summary>
/// The families' formulas once more, written from their descriptions without a look at speed: a list of grid places first, then one value
/// after the other. All lengths are tensor pixels.
/// </summary>
internal static class NaiveDecoders
{
    public static IEnumerable<Expected> Decode(int width, int height, DetectorOutputSpec spec, float[][] outputs) => spec.Decoder switch
    {
        "cells" => Cells(width, height, spec, outputs[0]),
        "yunet" => YuNet(width, height, spec, outputs),
        "cornerBoxes" => Corners(width, height, spec, outputs),
        "retinaFace" => Retina(width, height, spec, outputs),
        "blazeFace" => Blaze(width, height, spec, outputs),
        _ => throw new ArgumentException(spec.Decoder),
    };

    /// <summary>Values that each output holds.</summary>
    public static int[] Lengths(int width, int height, DetectorOutputSpec spec)
    {
        int[] cells = [.. spec.Strides.Select(stride => Grid(width, height, stride).Count())];
        int anchors = spec.AnchorSizes.Count > 0 ? cells.Zip(spec.AnchorSizes, (n, sizes) => n * sizes.Count).Sum() : 0;
        return spec.Decoder switch
        {
            "cells" => [15 * cells.Sum()],
            "yunet" => [.. cells, .. cells, .. cells.Select(n => 4 * n), .. cells.Select(n => 10 * n)],
            "cornerBoxes" => [2 * anchors, 4 * anchors],
            "retinaFace" => [4 * anchors, 2 * anchors, 10 * anchors],
            _ => [.. cells.Zip(spec.AnchorSizes, (n, sizes) => n * sizes.Count), .. cells.Zip(spec.AnchorSizes, (n, sizes) => 16 * n * sizes.Count)],
        };
    }

    /// <summary>Columns and rows of a grid whose last cells may hang over the edge, row by row.</summary>
    private static IEnumerable<(int Column, int Row)> Grid(int width, int height, int stride)
    {
        for (int row = 0; row * stride < height; row++)
        {
            for (int column = 0; column * stride < width; column++)
            {
                yield return (column, row);
            }
        }
    }

    private static IEnumerable<(double X, double Y, double Size)> Priors(int width, int height, DetectorOutputSpec spec)
    {
        for (int level = 0; level < spec.Strides.Count; level++)
        {
            int stride = spec.Strides[level];
            foreach ((int column, int row) in Grid(width, height, stride))
            {
                foreach (float size in spec.AnchorSizes[level])
                {
                    yield return ((stride * column) + (stride / 2.0), (stride * row) + (stride / 2.0), size);
                }
            }
        }
    }

    private static IEnumerable<Expected> Cells(int width, int height, DetectorOutputSpec spec, float[] values)
    {
        int at = 0;
        foreach (int stride in spec.Strides)
        {
            foreach ((int column, int row) in Grid(width, height, stride))
            {
                double[] cell = [.. values.Skip(at).Take(15)];
                at += 15;
                double x = stride * (column + 0.5), y = stride * (row + 0.5);
                if (cell[0] >= spec.ScoreThreshold)
                {
                    yield return Centered(x + (stride * cell[1]), y + (stride * cell[2]), stride * Math.Exp(cell[3]), stride * Math.Exp(cell[4]), Math.Min(1, cell[0]), Points(cell[5..], x, y, stride));
                }
            }
        }
    }

    private static IEnumerable<Expected> YuNet(int width, int height, DetectorOutputSpec spec, float[][] outputs)
    {
        int levels = spec.Strides.Count;
        for (int level = 0; level < levels; level++)
        {
            int stride = spec.Strides[level], cell = 0;
            foreach ((int column, int row) in Grid(width, height, stride))
            {
                double face = Math.Min(1, Math.Max(0, outputs[level][cell])), thing = Math.Min(1, Math.Max(0, outputs[level + levels][cell]));
                double score = Math.Sqrt(face * thing);
                double[] box = [.. outputs[level + (2 * levels)].Skip(4 * cell).Take(4)];
                double[] points = [.. outputs[level + (3 * levels)].Skip(10 * cell).Take(10)];
                cell++;
                if (score >= spec.ScoreThreshold)
                {
                    yield return Centered(stride * (column + box[0]), stride * (row + box[1]), stride * Math.Exp(box[2]), stride * Math.Exp(box[3]), score, Points(points, stride * column, stride * row, stride));
                }
            }
        }
    }

    private static IEnumerable<Expected> Corners(int width, int height, DetectorOutputSpec spec, float[][] outputs)
    {
        for (int i = 0; i < outputs[0].Length / 2; i++)
        {
            double score = outputs[0][(2 * i) + 1];
            (double left, double top) = ((double)outputs[1][4 * i] * width, (double)outputs[1][(4 * i) + 1] * height);
            (double right, double bottom) = ((double)outputs[1][(4 * i) + 2] * width, (double)outputs[1][(4 * i) + 3] * height);
            if (score >= spec.ScoreThreshold)
            {
                yield return new Expected(left, top, right - left, bottom - top, Math.Min(1, score));
            }
        }
    }

    private static IEnumerable<Expected> Retina(int width, int height, DetectorOutputSpec spec, float[][] outputs)
    {
        int i = 0;
        foreach ((double x, double y, double size) in Priors(width, height, spec))
        {
            double[] box = [.. outputs[0].Skip(4 * i).Take(4)];
            double score = outputs[1][(2 * i) + 1];
            double[] points = [.. outputs[2].Skip(10 * i).Take(10)];
            i++;
            double near = spec.Variances[0] * size;
            if (score >= spec.ScoreThreshold)
            {
                yield return Centered(x + (near * box[0]), y + (near * box[1]), size * Math.Exp(spec.Variances[1] * box[2]), size * Math.Exp(spec.Variances[1] * box[3]), Math.Min(1, score), Points(points, x, y, near));
            }
        }
    }

    private static IEnumerable<Expected> Blaze(int width, int height, DetectorOutputSpec spec, float[][] outputs)
    {
        double[] logits = [.. outputs.Take(spec.Strides.Count).SelectMany(level => level).Select(value => (double)value)];
        double[] values = [.. outputs.Skip(spec.Strides.Count).SelectMany(level => level).Select(value => (double)value)];
        int i = 0;
        foreach ((double x, double y, _) in Priors(width, height, spec))
        {
            double score = 1 / (1 + Math.Exp(-logits[i]));
            double[] box = values[(16 * i)..((16 * i) + 4)];
            i++;
            if (score >= spec.ScoreThreshold)
            {
                yield return Centered(x + box[0], y + box[1], box[2], box[3], score);
            }
        }
    }

    private static Expected Centered(double x, double y, double width, double height, double score, double[]? points = null) =>
        new(x - (width / 2), y - (height / 2), width, height, score, points);

    private static double[] Points(double[] offsets, double x, double y, double unit) => [.. offsets.Select((offset, i) => (i % 2 == 0 ? x : y) + (unit * offset))];
}
