using FerSharp.Evaluation;

namespace FerSharp.Training;

/// <summary>
/// Decides which cells answer for which faces, by what the network says now: each face takes the cells of the least cost, as many as its best
/// boxes' overlaps add up to (SimOTA; Ge et al., YOLOX, 2021).
/// </summary>
/// <remarks>Reused for picture after picture; not thread-safe.</remarks>
internal sealed class FaceAssigner(int side)
{
    // As in YOLOX: cells within so many strides of a face's middle may answer for it; the overlap's weight in the cost; most cells of a face.
    private const float CenterRadius = 2.5f, OverlapWeight = 3, OutsideCost = 1e5f;
    private const int MostCells = 10;

    private readonly (float X, float Y, int Stride)[] _cells = [.. DetectorNetwork.Strides.SelectMany(stride =>
        Enumerable.Range(0, side / stride * (side / stride)).Select(i => (((i % (side / stride)) + 0.5f) * stride, ((i / (side / stride)) + 0.5f) * stride, stride)))];

    private readonly List<(float Cost, int Cell, float Overlap)> _candidates = [];
    private readonly List<float> _overlaps = [];
    private readonly float[] _costs = new float[DetectorNetwork.CellsOf(side)];

    /// <summary>Middle of a cell in pixels, and its width.</summary>
    public (float X, float Y, int Stride) Cell(int index) => _cells[index];

    /// <summary>Assigns the cells of one picture.</summary>
    /// <param name="rows">What the network says: 15 values a cell, the score as a logit.</param>
    /// <param name="faces">The picture's faces and ignored regions.</param>
    /// <param name="owners">For each cell the face it answers for; -1 for none, -2 where nothing is said because it lies in an ignored region.</param>
    /// <param name="overlaps">For each cell that answers for a face, the overlap of its box with the face's.</param>
    public void Assign(ReadOnlySpan<float> rows, IReadOnlyList<TrueFace> faces, Span<int> owners, Span<float> overlaps)
    {
        owners.Fill(-1);
        overlaps.Clear();
        foreach (TrueFace face in faces)
        {
            if (face.Ignored)
            {
                MarkIgnored(face.Box, owners);
            }
        }

        Array.Fill(_costs, float.PositiveInfinity);
        for (int i = 0; i < faces.Count; i++)
        {
            if (!faces[i].Ignored)
            {
                Take(rows, faces[i].Box, i, owners, overlaps);
            }
        }
    }

    /// <summary>The box that a cell's values say.</summary>
    public RectF BoxOf(ReadOnlySpan<float> row, int cell)
    {
        (float x, float y, int stride) = _cells[cell];
        float width = MathF.Exp(Math.Clamp(row[3], -DetectionLoss.LargestLogSize, DetectionLoss.LargestLogSize)) * stride;
        float height = MathF.Exp(Math.Clamp(row[4], -DetectionLoss.LargestLogSize, DetectionLoss.LargestLogSize)) * stride;
        return new RectF(x + (row[1] * stride) - (width / 2), y + (row[2] * stride) - (height / 2), width, height);
    }

    private void MarkIgnored(in RectF box, Span<int> owners)
    {
        for (int cell = 0; cell < _cells.Length; cell++)
        {
            (float x, float y, int stride) = _cells[cell];

            // A cell whose area the region touches may see it.
            if (MathF.Abs(x - box.Center.X) < (box.Width + stride) / 2 && MathF.Abs(y - box.Center.Y) < (box.Height + stride) / 2)
            {
                owners[cell] = -2;
            }
        }
    }

    private void Take(ReadOnlySpan<float> rows, in RectF box, int face, Span<int> owners, Span<float> overlaps)
    {
        _candidates.Clear();
        _overlaps.Clear();
        PointF center = box.Center;
        for (int cell = 0; cell < _cells.Length; cell++)
        {
            (float x, float y, int stride) = _cells[cell];
            float dx = MathF.Abs(x - center.X), dy = MathF.Abs(y - center.Y);
            bool inBox = dx < box.Width / 2 && dy < box.Height / 2, isNear = dx < CenterRadius * stride && dy < CenterRadius * stride;
            if (!inBox && !isNear)
            {
                continue;
            }

            ReadOnlySpan<float> row = rows.Slice(cell * DetectorNetwork.Values, DetectorNetwork.Values);
            float overlap = BoxOf(row, cell).IntersectionOverUnion(box);

            // Cross-entropy with 1 is log(1 + exp(-logit)).
            float scoreCost = MathF.Max(-row[0], 0) + MathF.Log(1 + MathF.Exp(-MathF.Abs(row[0])));
            float cost = scoreCost - (OverlapWeight * MathF.Log(overlap + 1e-8f)) + (inBox && isNear ? 0 : OutsideCost);
            _candidates.Add((cost, cell, overlap));
            _overlaps.Add(overlap);
        }

        _candidates.Sort();
        _overlaps.Sort();
        float sum = 0;
        for (int i = Math.Max(_overlaps.Count - MostCells, 0); i < _overlaps.Count; i++)
        {
            sum += _overlaps[i];
        }

        int count = Math.Min(Math.Max((int)sum, 1), _candidates.Count);
        foreach ((float cost, int cell, float overlap) in _candidates.Take(count))
        {
            // Of two faces that want a cell, the one of the lower cost has it.
            if (cost < _costs[cell])
            {
                (_costs[cell], owners[cell], overlaps[cell]) = (cost, face, overlap);
            }
        }
    }
}
