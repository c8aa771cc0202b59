namespace FerSharp.Decoding;

/// <summary>A detector's input size, and the grids of cells and anchors that follow from it.</summary>
internal readonly record struct TensorSize(int Width, int Height)
{
    public int Columns(int stride) => (Width + stride - 1) / stride;

    public int Rows(int stride) => (Height + stride - 1) / stride;

    public int Cells(int stride) => Columns(stride) * Rows(stride);

    /// <summary>Centres and sizes of all anchors: level by level, cell by cell from the top left, size by size.</summary>
    public Anchor[] Anchors(DetectorOutputSpec output)
    {
        TensorSize tensor = this;
        return [.. output.Strides.SelectMany((stride, level) =>
            Enumerable.Range(0, tensor.Cells(stride)).SelectMany(cell =>
                output.AnchorSizes[level].Select(size =>
                    new Anchor(((cell % tensor.Columns(stride)) + 0.5f) * stride, ((cell / tensor.Columns(stride)) + 0.5f) * stride, size))))];
    }

    /// <summary>Cells of all levels, times their anchors where there are any; cannot overflow.</summary>
    public double CandidateCount(DetectorOutputSpec output)
    {
        double count = 0;
        for (int level = 0; level < output.Strides.Count; level++)
        {
            count += (double)Columns(output.Strides[level]) * Rows(output.Strides[level]) * (level < output.AnchorSizes.Count ? output.AnchorSizes[level].Count : 1);
        }

        return count;
    }

    public int AnchorCount(DetectorOutputSpec output)
    {
        TensorSize tensor = this;
        return output.Strides.Select((stride, level) => tensor.Cells(stride) * output.AnchorSizes[level].Count).Sum();
    }
}

/// <summary>Centre and side of one anchor, in tensor pixels.</summary>
internal readonly record struct Anchor(float X, float Y, float Size);
