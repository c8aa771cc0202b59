using FerSharp.Graphs;

namespace FerSharp.Testing;

/// <summary>
/// The graph of the toy detector. Each cell looks at a square window: a bright-pixel mask is summed up to its area and its first and second
/// moments, which give the centre and the axes of an ellipse exactly. A cell scores high when its middle is bright, the window's rim is dark
/// and the mask fills its ellipse; blank pictures have a bright rim or a dark middle, noise fills nothing.
/// </summary>
internal static class ToyDetectorGraph
{
    public const int Size = 64;

    private const float Small = 1e-3f;

    public static IReadOnlyList<int> Strides { get; } = [8, 16];

    /// <param name="isFree">Whether batch, height and width are free; otherwise they are 1 and <see cref="Size"/>.</param>
    public static byte[] Build(bool isFree)
    {
        var graph = new OnnxWriter("toy-detector");
        string input = isFree
            ? graph.Input("input", OnnxElementType.Float32, "N", 3, "H", "W")
            : graph.Input("input", OnnxElementType.Float32, 1, 3, Size, Size);
        string gray = graph.Conv(input, graph.Initializer("luma", [0.299f, 0.587f, 0.114f], 1, 3, 1, 1));
        string mask = graph.Node("Clip", [Affine(graph, gray, 8, -4.4f), Scalar(graph, 0), Scalar(graph, 1)]);
        string[] levels = [.. Strides.Select(stride => Level(graph, mask, stride))];
        string pred = graph.Concat(1, levels);
        if (isFree)
        {
            graph.Output("pred", pred, OnnxElementType.Float32, "N", "cells", 15);
        }
        else
        {
            graph.Output("pred", pred, OnnxElementType.Float32, 1, Strides.Sum(stride => Size / stride * (Size / stride)), 15);
        }

        return graph.ToArray();
    }

    private static string Level(OnnxWriter graph, string mask, int stride)
    {
        int window = 4 * stride;
        string sums = graph.Conv(mask, graph.Initializer("sums", Kernels(window, stride), 7, 1, window, window), stride: stride, padding: (window - stride) / 2);
        string[] s = graph.Node("Split", [sums, graph.Initializer("one", [1L, 1, 1, 1, 1, 1, 1], 7)], 7, OnnxAttribute.Int("axis", 1));
        (string area, string middle, string rim) = (s[0], s[5], s[6]);
        string divisor = Affine(graph, area, 1, Small);
        string x = graph.Node("Div", [s[1], divisor]);
        string y = graph.Node("Div", [s[2], divisor]);
        string width = Axis(graph, graph.Node("Div", [s[3], divisor]), x);
        string height = Axis(graph, graph.Node("Div", [s[4], divisor]), y);

        string ellipse = Affine(graph, graph.Node("Mul", [width, height]), MathF.PI / 4 * stride * stride, Small);
        string emptiness = graph.Relu(Affine(graph, graph.Node("Div", [area, ellipse]), -1, 0.7f));
        string evidence = graph.Node("Sub", [Affine(graph, middle, 12, -6), Affine(graph, rim, 0.5f, 0)]);
        string score = graph.Sigmoid(graph.Node("Sub", [evidence, Affine(graph, emptiness, 40, 0)]));

        string points = graph.Conv(graph.Concat(1, x, y, width, height), graph.Initializer("landmarks", LandmarkWeights(), 10, 4, 1, 1));
        string cells = graph.Concat(1, score, x, y, graph.Node("Log", [width]), graph.Node("Log", [height]), points);
        return graph.Reshape(graph.Transpose(cells, 0, 2, 3, 1), 0, -1, 15);
    }

    /// <summary>Axis of an ellipse from its moments: the variance of an even ellipse along an axis of length a is a^2 / 16.</summary>
    private static string Axis(OnnxWriter graph, string meanSquare, string mean)
    {
        string variance = graph.Node("Sub", [meanSquare, graph.Node("Mul", [mean, mean])]);
        return Affine(graph, graph.Node("Sqrt", [Affine(graph, graph.Relu(variance), 1, 1e-4f)]), 4, 0);
    }

    /// <summary>Seven sums over the window: area, x, y, x^2, y^2, the mean of the middle, the sum of the rim. Coordinates in strides from the middle.</summary>
    private static float[] Kernels(int window, int stride)
    {
        float[] kernels = new float[7 * window * window];
        int middle = stride / 2;
        int rim = stride / 4;
        for (int row = 0; row < window; row++)
        {
            for (int column = 0; column < window; column++)
            {
                float x = (column + 0.5f - (window / 2f)) / stride;
                float y = (row + 0.5f - (window / 2f)) / stride;
                bool isMiddle = MathF.Max(MathF.Abs(x), MathF.Abs(y)) * stride < middle / 2f;
                bool isRim = Math.Min(Math.Min(row, column), window - 1 - Math.Max(row, column)) < rim;
                ReadOnlySpan<float> values = [1, x, y, x * x, y * y, isMiddle ? 1f / (middle * middle) : 0, isRim ? 1 : 0];
                for (int k = 0; k < values.Length; k++)
                {
                    kernels[(((k * window) + row) * window) + column] = values[k];
                }
            }
        }

        return kernels;
    }

    /// <summary>From centre x, y, width, height to five points.</summary>
    private static float[] LandmarkWeights()
    {
        float[] weights = new float[10 * 4];
        for (int i = 0; i < FaceLandmarks.Count; i++)
        {
            PointF offset = SyntheticFace.LandmarkOffsets[i];
            (weights[(8 * i) + 0], weights[(8 * i) + 2]) = (1, offset.X);
            (weights[(8 * i) + 5], weights[(8 * i) + 7]) = (1, offset.Y);
        }

        return weights;
    }

    private static string Scalar(OnnxWriter graph, float value) => graph.Initializer("scalar", [value]);

    private static string Affine(OnnxWriter graph, string value, float factor, float offset)
    {
        string scaled = factor == 1 ? value : graph.Node("Mul", [value, Scalar(graph, factor)]);
        return offset == 0 ? scaled : graph.Node("Add", [scaled, Scalar(graph, offset)]);
    }
}
