namespace FerSharp.MLNet;

/// <summary>Deals rows into folds, each class evenly, and all rows of a group into one. A class of several groups comes into two folds wherever groups that are dealt one after the other allow it.</summary>
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
        int[] classOf = classes.ToArray();
        int classCount = classes.IsEmpty ? 0 : classOf.Max() + 1;
        var counts = new int[folds, classCount];
        int[] sizes = new int[folds], fold = new int[classes.Length], all = new int[classCount], homes = new int[classCount];
        foreach (int c in classes)
        {
            all[c]++;
        }

        foreach (List<int> rows in order)
        {
            int best = 0;
            (int, double, int) least = (int.MaxValue, double.MaxValue, int.MaxValue);
            (int Class, int Count)[] own = [.. rows.CountBy(row => classOf[row]).Select(pair => (pair.Key, pair.Value))];
            for (int f = 0; f < folds; f++)
            {
                // Classes that this fold has all of so far, and would keep alone; then shares, not rows: a large class must not drown a small one.
                int lumped = own.Count(one => homes[one.Class] == 1 && counts[f, one.Class] > 0);
                double same = own.Sum(one => (double)one.Count * counts[f, one.Class] / all[one.Class]);
                if ((lumped, same, sizes[f]).CompareTo(least) < 0)
                {
                    (best, least) = (f, (lumped, same, sizes[f]));
                }
            }

            sizes[best] += rows.Count;
            foreach (int row in rows)
            {
                fold[row] = best;
                homes[classes[row]] += counts[best, classes[row]]++ == 0 ? 1 : 0;
            }
        }

        return fold;
    }
}
