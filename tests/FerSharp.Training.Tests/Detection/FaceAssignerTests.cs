using FerSharp.Evaluation;

namespace FerSharp.Training.Tests;

public sealed class FaceAssignerTests
{
    private const int Side = 64;

    private static readonly int Cells = DetectorNetwork.CellsOf(Side);

    [Fact]
    public void Assign_OneCellSaysTheBox_ThatCellHasTheFace()
    {
        // Cell (3, 2) of the finest grid: its middle is (28, 20).
        float[] rows = Rows();
        Say(rows, cell: (2 * 8) + 3, score: 4, 0, 0, 20, 24);
        (int[] owners, float[] overlaps) = Assign(rows, new TrueFace(new RectF(18, 8, 20, 24)));

        Assert.Equal(0, owners[(2 * 8) + 3]);
        Assert.Equal(1, overlaps[(2 * 8) + 3], 1e-4f);
    }

    [Fact]
    public void Assign_OverlapsAddUp_FaceTakesThatMany()
    {
        // All other boxes are specks, which overlap with nothing to speak of.
        float[] rows = Rows(logSize: -4);
        foreach (int cell in new[] { 18, 19, 20 })
        {
            // Three cells in a row all say the box that is right, seen from their own middles.
            Say(rows, cell, score: 2, (28 - (((cell % 8) + 0.5f) * 8)) / 8, 0, 20, 24);
        }

        (int[] owners, _) = Assign(rows, new TrueFace(new RectF(18, 8, 20, 24)));
        Assert.Equal([18, 19, 20], Enumerable.Range(0, Cells).Where(cell => owners[cell] == 0));
    }

    [Fact]
    public void Assign_NothingFits_FaceStillHasACellNearIt()
    {
        // A face of 5 pixels, and boxes of 20 cells.
        float[] rows = Rows(logSize: 3);
        (int[] owners, _) = Assign(rows, new TrueFace(new RectF(30, 30, 5, 5)));

        int owner = Assert.Single(Enumerable.Range(0, Cells), cell => owners[cell] == 0);
        (float x, float y, int stride) = new FaceAssigner(Side).Cell(owner);
        Assert.True(MathF.Abs(x - 32.5f) < 2.5f * stride && MathF.Abs(y - 32.5f) < 2.5f * stride);
    }

    [Fact]
    public void Assign_TwoFaces_EachHasItsOwn()
    {
        float[] rows = Rows();
        (int[] owners, _) = Assign(rows, new TrueFace(new RectF(2, 2, 18, 18)), new TrueFace(new RectF(40, 40, 20, 20)));

        Assert.Contains(0, owners);
        Assert.Contains(1, owners);
        Assert.All(Enumerable.Range(0, 64).Where(cell => owners[cell] == 0), cell => Assert.True(cell % 8 < 5 && cell / 8 < 5));
    }

    [Fact]
    public void Assign_IgnoredRegion_IsNeitherFaceNorGround()
    {
        (int[] owners, float[] overlaps) = Assign(Rows(), new TrueFace(new RectF(0, 0, 17, 17), Ignored: true));

        // Cells that touch the region, in each grid; all others are ground.
        Assert.Equal(-2, owners[0]);
        Assert.Equal(-2, owners[(2 * 8) + 2]);
        Assert.Equal(-1, owners[(3 * 8) + 3]);
        Assert.Equal(-2, owners[64]);
        Assert.Equal(-2, owners[64 + 16]);
        Assert.All(overlaps, overlap => Assert.Equal(0, overlap));
    }

    [Fact]
    public void Assign_FaceInIgnoredRegion_IsStillAFace()
    {
        (int[] owners, _) = Assign(Rows(), new TrueFace(new RectF(0, 0, 64, 64), Ignored: true), new TrueFace(new RectF(20, 20, 20, 20)));
        Assert.Contains(1, owners);
        Assert.DoesNotContain(-1, owners);
    }

    [Fact]
    public void Fill_Batch_GivesCellsInTheirOwnUnits()
    {
        FaceLandmarks points = new(new(24, 18), new(32, 18), new(28, 22), new(25, 27), new(31, 27));
        float[] rows = [.. Rows(), .. Rows()];
        var targets = new DetectionTargets();
        targets.Fill(new FaceAssigner(Side), rows, [[new TrueFace(new RectF(0, 0, 10, 10), Ignored: true)], [new TrueFace(new RectF(18, 8, 20, 24), false, points)]]);

        Assert.All(targets.Cells, cell => Assert.InRange(cell, Cells, (2 * Cells) - 1));
        Assert.Equal(2 * Cells, targets.Weights.Length);
        Assert.Equal(0, targets.Weights[0]);
        Assert.Equal(1, targets.Weights[Cells]);
        for (int i = 0; i < targets.Cells.Count; i++)
        {
            (float x, float y, int stride) = new FaceAssigner(Side).Cell((int)targets.Cells[i] - Cells);
            Assert.Equal(28, x + (targets.Boxes[4 * i] * stride), 1e-3f);
            Assert.Equal(24, targets.Boxes[(4 * i) + 3] * stride, 1e-3f);
            Assert.Equal(31, x + (targets.Points[(10 * i) + 8] * stride), 1e-3f);
            Assert.Equal(27, y + (targets.Points[(10 * i) + 9] * stride), 1e-3f);
            Assert.Equal(stride / MathF.Sqrt(480), targets.PointWeights[i], 1e-4f);
            Assert.InRange(targets.Scores[targets.Cells[i]], 0.01f, 1);
        }
    }

    [Fact]
    public void Fill_FaceWithoutPoints_GivesThemNoWeight()
    {
        var targets = new DetectionTargets();
        targets.Fill(new FaceAssigner(Side), Rows(), [[new TrueFace(new RectF(18, 8, 20, 24))]]);
        Assert.All(targets.PointWeights, weight => Assert.Equal(0, weight));
        Assert.Equal(10 * targets.Cells.Count, targets.Points.Count);
    }

    private static (int[] Owners, float[] Overlaps) Assign(float[] rows, params TrueFace[] faces)
    {
        var owners = new int[Cells];
        var overlaps = new float[Cells];
        new FaceAssigner(Side).Assign(rows, faces, owners, overlaps);
        return (owners, overlaps);
    }

    private static float[] Rows(float logSize = 0.9f)
    {
        var rows = new float[Cells * DetectorNetwork.Values];
        for (int cell = 0; cell < Cells; cell++)
        {
            rows[cell * DetectorNetwork.Values] = -4;
            rows[(cell * DetectorNetwork.Values) + 3] = logSize;
            rows[(cell * DetectorNetwork.Values) + 4] = logSize;
        }

        return rows;
    }

    /// <summary>A cell of the finest grid says a box; its sides in pixels.</summary>
    private static void Say(float[] rows, int cell, float score, float dx, float dy, float width, float height)
    {
        Span<float> row = rows.AsSpan(cell * DetectorNetwork.Values);
        (row[0], row[1], row[2], row[3], row[4]) = (score, dx, dy, MathF.Log(width / 8), MathF.Log(height / 8));
    }
}
