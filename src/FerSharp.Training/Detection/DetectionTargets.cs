using FerSharp.Evaluation;

namespace FerSharp.Training;

/// <summary>What the loss compares a batch with.</summary>
/// <remarks>Lengths are in units of the cell's width, from the cell's middle, as the network gives them. The lists are reused.</remarks>
internal sealed class DetectionTargets
{
    /// <summary>For each cell of the batch, the score it should have: the overlap of its box with its face's, else 0.</summary>
    public float[] Scores { get; private set; } = [];

    /// <summary>For each cell 1, or 0 where nothing is said.</summary>
    public float[] Weights { get; private set; } = [];

    /// <summary>The cells that answer for a face, counted through the batch.</summary>
    public List<long> Cells { get; } = [];

    /// <summary>Four values for each of these cells: middle x and y, width, height.</summary>
    public List<float> Boxes { get; } = [];

    /// <summary>Ten values for each of these cells; 0 where the points are not known.</summary>
    public List<float> Points { get; } = [];

    /// <summary>For each of these cells 1 over the face's size, or 0 where its points are not known.</summary>
    public List<float> PointWeights { get; } = [];

    /// <summary>Assigns the cells of a batch by what the network says.</summary>
    public void Fill(FaceAssigner assigner, ReadOnlySpan<float> rows, IReadOnlyList<IReadOnlyList<TrueFace>> pictures)
    {
        int cells = rows.Length / DetectorNetwork.Values / pictures.Count;
        Cells.Clear();
        Boxes.Clear();
        Points.Clear();
        PointWeights.Clear();
        Scores = new float[cells * pictures.Count];
        Weights = new float[cells * pictures.Count];
        var owners = new int[cells];
        for (int picture = 0; picture < pictures.Count; picture++)
        {
            int first = picture * cells;
            Span<float> scores = Scores.AsSpan(first, cells);
            assigner.Assign(rows.Slice(first * DetectorNetwork.Values, cells * DetectorNetwork.Values), pictures[picture], owners, scores);
            for (int cell = 0; cell < cells; cell++)
            {
                Weights[first + cell] = owners[cell] == -2 ? 0 : 1;
                if (owners[cell] >= 0)
                {
                    Cells.Add(first + cell);
                    Add(pictures[picture][owners[cell]], assigner.Cell(cell));
                }
            }
        }
    }

    private void Add(in TrueFace face, (float X, float Y, int Stride) cell)
    {
        PointF center = face.Box.Center;
        Boxes.AddRange([(center.X - cell.X) / cell.Stride, (center.Y - cell.Y) / cell.Stride, face.Box.Width / cell.Stride, face.Box.Height / cell.Stride]);
        bool known = !face.Landmarks.IsEmpty;
        PointWeights.Add(known ? cell.Stride / (float)face.Size : 0);
        for (int i = 0; i < FaceLandmarks.Count; i++)
        {
            PointF point = known ? face.Landmarks[i] : default;
            Points.Add(known ? (point.X - cell.X) / cell.Stride : 0);
            Points.Add(known ? (point.Y - cell.Y) / cell.Stride : 0);
        }
    }
}
