using BenchmarkDotNet.Attributes;
using FerSharp.Decoding;
using FerSharp.Numerics;

namespace FerSharp.Benchmarks.Decoding;

/// <summary>From the large detector's output to faces: what do decoding and non-maximum suppression cost beyond looking at every score, also in a crowd?</summary>
public class DecodingBenchmarks
{
    // Each face answers in a patch of neighbouring cells, as networks do.
    private const int CellsPerFace = 9, Values = 15;

    private readonly DetectionDecoder _decoder = DetectionDecoder.Create(EmbeddedModels.FaceDetector(DetectorSize.Large).Manifest);
    private readonly FaceDetection[] _faces = new FaceDetection[256];
    private FaceDetection[] _candidates = [];
    private ulong[] _keys = [];
    private ReadOnlyMemory<float>[] _outputs = [];

    /// <summary>Faces in the picture.</summary>
    [Params(1, 16, 200)]
    public int Faces { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _candidates = new FaceDetection[_decoder.MaxCandidates];
        _keys = new ulong[_decoder.MaxCandidates];
        float[] rows = new float[_decoder.MaxCandidates * Values];
        int cells = _decoder.MaxCandidates, columns = EmbeddedModels.FaceDetector(DetectorSize.Large).Manifest.Input.Width / 8, finest = columns * columns;
        for (int cell = 0; cell < cells; cell++)
        {
            rows[cell * Values] = 0.01f;
        }

        for (int face = 0; face < Faces; face++)
        {
            int x = 2 + (face % 16 * 4), y = 2 + (face / 16 * 4);
            for (int near = 0; near < CellsPerFace; near++)
            {
                int dx = (near % 3) - 1, dy = (near / 3) - 1, cell = ((y + dy) * columns) + x + dx;
                Span<float> row = rows.AsSpan(cell * Values, Values);
                row[0] = near == 4 ? 0.95f : 0.8f;

                // All cells of a patch point at its middle; boxes three cells wide, so that neighbouring faces hardly overlap.
                (row[1], row[2], row[3], row[4]) = (-dx, -dy, MathF.Log(3), MathF.Log(3));
            }
        }

        _outputs = [rows];
        int found = DecodeAndSuppress();
        if (rows.Length != _decoder.OutputLengths[0] || finest > cells || found != Faces)
        {
            throw new InvalidOperationException($"{found} faces are decoded of {Faces}: the benchmark would not time what it says.");
        }
    }

    /// <summary>The least that any decoder must do.</summary>
    [Benchmark(Baseline = true)]
    public int ScanScores()
    {
        ReadOnlySpan<float> rows = _outputs[0].Span;
        int count = 0;
        for (int i = 0; i < rows.Length; i += Values)
        {
            count += rows[i] >= _decoder.ScoreThreshold ? 1 : 0;
        }

        return count;
    }

    [Benchmark]
    public int Decode() => _decoder.Decode(_outputs, _candidates);

    [Benchmark]
    public int DecodeAndSuppress() => NonMaxSuppression.Select(_candidates.AsSpan(0, Decode()), _keys, 0.4f, _faces);
}
