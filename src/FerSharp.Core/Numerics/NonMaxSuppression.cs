namespace FerSharp.Numerics;

/// <summary>Keeps one box of each group of overlapping ones.</summary>
public static class NonMaxSuppression
{
    /// <summary>
    /// Greedy non-maximum suppression: from the best score down, a box is kept unless its intersection over union with a kept one is above the
    /// threshold. Equal scores keep the order of the candidates, so the result is always the same.
    /// </summary>
    /// <param name="candidates">The candidates in any order; scores are numbers of at least 0. Not changed.</param>
    /// <param name="keys">Scratch, at least as long as <paramref name="candidates"/>.</param>
    /// <param name="threshold">Largest intersection over union that two kept boxes may have, 0 to 1.</param>
    /// <param name="destination">Receives the kept faces, best first. When it is full the work stops: a shorter destination gets a prefix of what a longer one gets.</param>
    /// <returns>How many faces were written.</returns>
    /// <exception cref="ArgumentException"><paramref name="keys"/> is shorter than <paramref name="candidates"/>.</exception>
    public static int Select(ReadOnlySpan<FaceDetection> candidates, Span<ulong> keys, float threshold, Span<FaceDetection> destination)
    {
        if (keys.Length < candidates.Length)
        {
            throw new ArgumentException($"There are {candidates.Length} candidates and scratch for {keys.Length}.", nameof(keys));
        }

        // Bits of non-negative floats rise with their value, so one integer sort orders by falling score, then by position.
        keys = keys[..candidates.Length];
        for (int i = 0; i < keys.Length; i++)
        {
            keys[i] = ((ulong)~BitConverter.SingleToUInt32Bits(candidates[i].Score) << 32) | (uint)i;
        }

        keys.Sort();
        int kept = 0;
        foreach (ulong key in keys)
        {
            if (kept == destination.Length)
            {
                break;
            }

            ref readonly FaceDetection candidate = ref candidates[(int)(uint)key];
            if (!Overlaps(candidate.Box, destination[..kept], threshold))
            {
                destination[kept++] = candidate;
            }
        }

        return kept;
    }

    private static bool Overlaps(in RectF box, ReadOnlySpan<FaceDetection> kept, float threshold)
    {
        foreach (ref readonly FaceDetection face in kept)
        {
            if (box.IntersectionOverUnion(face.Box) > threshold)
            {
                return true;
            }
        }

        return false;
    }
}
