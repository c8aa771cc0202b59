namespace FerSharp.Imaging;

/// <summary>Writes sampled planes into a tensor: colour order, normalisation, layout. Value = pixel * factor[c] + constant[c].</summary>
internal sealed class RowWriter
{
    private readonly PreprocessingSpec _spec;
    private readonly float[] _factors;
    private readonly float[] _constants;

    public RowWriter(PreprocessingSpec spec)
    {
        if (spec.Width < 1 || spec.Height < 1)
        {
            throw new ArgumentException($"The tensor's size is {spec.Width}x{spec.Height}; both must be at least 1.", nameof(spec));
        }

        if (spec.Channels != 3 && !(spec.Channels == 1 && spec.Order == ChannelOrder.Gray))
        {
            throw new ArgumentException($"{spec.Order} with {spec.Channels} channels: colour takes 3 channels, gray takes 1 or 3.", nameof(spec));
        }

        if ((spec.Mean.Count != 1 && spec.Mean.Count != spec.Channels) || (spec.Std.Count != 1 && spec.Std.Count != spec.Channels))
        {
            throw new ArgumentException($"There are {spec.Mean.Count} means and {spec.Std.Count} deviations; give one, or one for each of the {spec.Channels} channels.", nameof(spec));
        }

        _spec = spec;
        _factors = new float[spec.Channels];
        _constants = new float[spec.Channels];
        for (int c = 0; c < spec.Channels; c++)
        {
            double std = spec.Std[spec.Std.Count == 1 ? 0 : c];
            _factors[c] = (float)(spec.Scale / std);
            _constants[c] = (float)(-spec.Mean[spec.Mean.Count == 1 ? 0 : c] / std);
        }
    }

    /// <summary>
    /// Writes the weighted sum of two rows plus a constant pixel value. Rows hold luma, or red, green and blue one after the other;
    /// <paramref name="line"/> is scratch as long as a row.
    /// </summary>
    public void WriteBlend(ReadOnlySpan<float> first, float firstWeight, ReadOnlySpan<float> second, float secondWeight, float pad, int y, Span<float> line, Span<float> tensor)
    {
        int width = _spec.Width;
        if (_spec.Layout != TensorLayout.Nchw && _spec.Channels > 1)
        {
            line = line[..first.Length];
            RowMath.Blend(first, firstWeight, second, secondWeight, pad, line);
            WriteRow(line, y, tensor);
            return;
        }

        for (int c = 0; c < _spec.Channels; c++)
        {
            int plane = PlaneOf(c, first.Length > width) * width;
            float factor = _factors[c];
            RowMath.Blend(
                first.Slice(plane, width), firstWeight * factor, second.Slice(plane, width), secondWeight * factor, (pad * factor) + _constants[c],
                tensor.Slice(((c * _spec.Height) + y) * width, width));
        }
    }

    /// <summary>Writes one row. <paramref name="planes"/> holds luma, or red, green and blue one after the other; gray is mixed in place.</summary>
    public void WriteRow(Span<float> planes, int y, Span<float> tensor)
    {
        int width = _spec.Width;
        bool hasColor = planes.Length > width;
        if (hasColor && _spec.Order == ChannelOrder.Gray)
        {
            RowMath.Luma(planes[..width], planes.Slice(width, width), planes.Slice(2 * width, width), planes[..width]);
            hasColor = false;
        }

        for (int c = 0; c < _spec.Channels; c++)
        {
            ReadOnlySpan<float> row = planes.Slice(PlaneOf(c, hasColor) * width, width);
            if (_spec.Layout == TensorLayout.Nchw || _spec.Channels == 1)
            {
                RowMath.Scale(row, _factors[c], _constants[c], tensor.Slice(((c * _spec.Height) + y) * width, width));
                continue;
            }

            Span<float> interleaved = tensor[(y * width * _spec.Channels)..];
            for (int i = 0, k = c; i < width; i++, k += _spec.Channels)
            {
                interleaved[k] = (row[i] * _factors[c]) + _constants[c];
            }
        }
    }

    private int PlaneOf(int channel, bool hasColor) => !hasColor ? 0 : _spec.Order == ChannelOrder.Bgr ? 2 - channel : channel;
}
