namespace FerSharp.MLNet;

/// <summary>Deals rows into folds, each class evenly, and all rows of a group into one. A class of several groups comes into two folds wherever that takes no more than moving one group after the other.</summary>
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
        int[] sizes = new int[folds], fold = new int[classes.Length], all = new int[classCount];
        foreach (int c in classes)
        {
            all[c]++;
        }

        foreach (List<int> rows in order)
        {
            int best = 0;
            (double, int) least = (double.MaxValue, int.MaxValue);
            (int Class, int Count)[] own = [.. rows.CountBy(row => classOf[row]).Select(pair => (pair.Key, pair.Value))];
            for (int f = 0; f < folds; f++)
            {
                // Shares of the classes, not rows: a large class must not drown a small one.
                double same = own.Sum(one => (double)one.Count * counts[f, one.Class] / all[one.Class]);
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

        Spread(order, classOf, counts, fold);
        return fold;
    }

    /// <summary>Moves groups, small ones first, for as long as that leaves fewer classes in one fold alone.</summary>
    private static void Spread(List<int>[] order, int[] classes, int[,] counts, int[] fold)
    {
        int folds = counts.GetLength(0), alone = Alone();
        for (int before = int.MaxValue; alone < before;)
        {
            before = alone;
            foreach (List<int> rows in order.Reverse())
            {
                int home = fold[rows[0]];
                for (int f = 0; f < folds && rows.Any(row => IsAlone(classes[row])); f++)
                {
                    Move(rows, f);
                    if (Alone() is var now && now < alone)
                    {
                        (alone, home) = (now, f);
                    }

                    Move(rows, home);
                }
            }
        }

        void Move(List<int> rows, int to)
        {
            foreach (int row in rows)
            {
                counts[fold[row], classes[row]]--;
                counts[to, classes[row]]++;
                fold[row] = to;
            }
        }

        int Alone() => Enumerable.Range(0, counts.GetLength(1)).Count(IsAlone);

        bool IsAlone(int c) => Enumerable.Range(0, folds).Count(f => counts[f, c] > 0) == 1;
    }
}
