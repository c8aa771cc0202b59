namespace FerSharp.MLNet;

/// <summary>Deals rows into folds, each class evenly, and all rows of a group into one.</summary>
internal static class StratifiedFolds
{
    /// <summary>The fold of each row. The same arguments give the same folds.</summary>
    /// <param name="classes">The class of each row.</param>
    /// <param name="groups">The group of each row; null is a group of its own.</param>
    /// <param name="folds">Number of folds.</param>
    /// <param name="seed">Mixes the rows.</param>
    public static int[] Assign(ReadOnlySpan<int> classes, IReadOnlyList<string?> groups, int folds, int seed)
    {
        var members = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        for (int row = 0; row < classes.Length; row++)
        {
            string key = groups[row] is { } group ? $"g{group}" : $"r{row}";
            if (!members.TryGetValue(key, out List<int>? rows))
            {
                members.Add(key, rows = []);
            }

            rows.Add(row);
        }

        List<int>[] order = [.. members.Values];
        new Random(seed).Shuffle(order);

        // Large groups first: small ones can still even out what they leave.
        order = [.. order.OrderByDescending(rows => rows.Count)];
        int classCount = classes.IsEmpty ? 0 : classes.ToArray().Max() + 1;
        var counts = new int[folds, classCount];
        int[] sizes = new int[folds], fold = new int[classes.Length];
        foreach (List<int> rows in order)
        {
            int best = 0;
            (int, int) least = (int.MaxValue, int.MaxValue);
            for (int f = 0; f < folds; f++)
            {
                int same = 0;
                foreach (int row in rows)
                {
                    same += counts[f, classes[row]];
                }

                if ((same, sizes[f]).CompareTo(least) < 0)
                {
                    (best, least) = (f, (same, sizes[f]));
                }
            }

            sizes[best] += rows.Count;
            foreach (int row in rows)
            {
                fold[row] = best;
                counts[best, classes[row]]++;
            }
        }

        return fold;
    }
}
