using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FerSharp.Evaluation;

/// <summary>The first two principal components of a matrix, without the covariance in memory.</summary>
/// <remarks>
/// Subspace iteration on X'X with a block of 16 vectors (Golub and Van Loan, Matrix Computations, 2013, section 8.2.4), a Rayleigh-Ritz step each round. Of each
/// direction the sign is chosen that makes its largest coefficient positive, the first of equals (as scikit-learn from 1.5 on).
/// Every sum runs in a fixed order without fused steps, so the result is the same with any number of threads and on any processor.
/// </remarks>
internal static class PrincipalComponents
{
    /// <summary>Components that are given back.</summary>
    public const int Count = 2;

    // More vectors than are wanted: the iteration then converges by the 17th variance over the second, not the third.
    private const int Block = 16;
    private const int Lanes = 4;
    private const int Rounds = 300;
    private const double Tolerance = 1e-11;
    private const int Chunk = 64;

    /// <summary>Projects rows onto the two directions of greatest variance.</summary>
    /// <param name="rows">At least one row; all of one length.</param>
    /// <param name="parallel">Threads and cancellation.</param>
    /// <returns>Two coordinates for each row, and the share of the whole variance that each of the two has, 0 where there is no variance.</returns>
    public static ((double X, double Y)[] Points, double[] Ratios) Project(float[][] rows, ParallelOptions parallel)
    {
        int length = rows[0].Length;
        double[] mean = new double[length], squares = new double[length];
        Columns(length, parallel, (from, to) => Spread(rows, mean, squares, from, to));
        double total = squares.Sum();
        if (!(total > 0))
        {
            return (new (double, double)[rows.Length], new double[Count]);
        }

        double[] vectors = Start(length), images = new double[length * Block], projected = new double[rows.Length * Block];
        double[] values;
        for (int round = 1; ; round++)
        {
            Orthonormalise(vectors);
            Parallel.For(0, rows.Length, parallel, i => ProjectRow(rows[i], mean, vectors, projected.AsSpan(i * Block, Block)));
            Columns(length, parallel, (from, to) => ProjectBack(rows, mean, projected, images, from, to));
            (values, double[] turn) = SymmetricEigen.Solve(Inner(vectors, images), Block);
            Turn(vectors, turn);
            Turn(images, turn);
            Turn(projected, turn);
            if (Residual(vectors, images, values) <= Tolerance * values[0] || round == Rounds)
            {
                break;
            }

            (vectors, images) = (images, vectors);
        }

        double[] signs = new double[Count];
        for (int k = 0; k < Count; k++)
        {
            double largest = 0;
            for (int j = 0; j < length; j++)
            {
                double value = vectors[(j * Block) + k];
                largest = Math.Abs(value) > Math.Abs(largest) ? value : largest;
            }

            signs[k] = largest < 0 ? -1 : 1;
        }

        return (
            [.. Enumerable.Range(0, rows.Length).Select(i => (signs[0] * projected[i * Block], signs[1] * projected[(i * Block) + 1]))],
            [Math.Clamp(values[0] / total, 0, 1), Math.Clamp(values[1] / total, 0, 1)]);
    }

    private static void Columns(int length, ParallelOptions parallel, Action<int, int> work) =>
        Parallel.For(0, (length + Chunk - 1) / Chunk, parallel, chunk => work(chunk * Chunk, Math.Min(length, (chunk + 1) * Chunk)));

    private static void Spread(float[][] rows, double[] mean, double[] squares, int from, int to)
    {
        foreach (float[] row in rows)
        {
            for (int j = from; j < to; j++)
            {
                mean[j] += row[j];
            }
        }

        for (int j = from; j < to; j++)
        {
            mean[j] /= rows.Length;
            foreach (float[] row in rows)
            {
                squares[j] += (row[j] - mean[j]) * (row[j] - mean[j]);
            }
        }
    }

    private static double[] Start(int length)
    {
        var random = new SplitMix64(1);
        double[] vectors = new double[length * Block];
        foreach (ref double value in vectors.AsSpan())
        {
            value = random.Next(-1, 1);
        }

        return vectors;
    }

    /// <summary>projected = (row - mean) vectors.</summary>
    private static void ProjectRow(float[] row, double[] mean, double[] vectors, Span<double> projected)
    {
        ReadOnlySpan<Vector256<double>> v = MemoryMarshal.Cast<double, Vector256<double>>(vectors);
        Vector256<double> s0 = default, s1 = default, s2 = default, s3 = default;
        for (int j = 0; j < row.Length; j++)
        {
            Vector256<double> x = Vector256.Create(row[j] - mean[j]);
            s0 += x * v[j * Lanes];
            s1 += x * v[(j * Lanes) + 1];
            s2 += x * v[(j * Lanes) + 2];
            s3 += x * v[(j * Lanes) + 3];
        }

        s0.CopyTo(projected);
        s1.CopyTo(projected[Lanes..]);
        s2.CopyTo(projected[(2 * Lanes)..]);
        s3.CopyTo(projected[(3 * Lanes)..]);
    }

    /// <summary>images = (X - mean)' projected, for some of the columns.</summary>
    private static void ProjectBack(float[][] rows, double[] mean, double[] projected, double[] images, int from, int to)
    {
        Span<Vector256<double>> image = MemoryMarshal.Cast<double, Vector256<double>>(images.AsSpan(from * Block, (to - from) * Block));
        ReadOnlySpan<Vector256<double>> all = MemoryMarshal.Cast<double, Vector256<double>>(projected);
        image.Clear();
        for (int i = 0; i < rows.Length; i++)
        {
            ReadOnlySpan<Vector256<double>> p = all.Slice(i * Lanes, Lanes);
            ReadOnlySpan<float> row = rows[i].AsSpan(from, to - from);
            for (int j = 0; j < row.Length; j++)
            {
                Vector256<double> x = Vector256.Create(row[j] - mean[from + j]);
                image[j * Lanes] += x * p[0];
                image[(j * Lanes) + 1] += x * p[1];
                image[(j * Lanes) + 2] += x * p[2];
                image[(j * Lanes) + 3] += x * p[3];
            }
        }
    }

    /// <summary>Gram-Schmidt, twice for accuracy; a vector that depends on those before it becomes zero.</summary>
    private static void Orthonormalise(double[] vectors)
    {
        for (int k = 0; k < Block; k++)
        {
            double before = Math.Sqrt(Dot(vectors, k, k));
            for (int pass = 0; pass < 2; pass++)
            {
                for (int m = 0; m < k; m++)
                {
                    Add(vectors, m, k, -Dot(vectors, m, k));
                }
            }

            double norm = Math.Sqrt(Dot(vectors, k, k));
            Add(vectors, k, k, norm > 1e-12 * before ? (1 / norm) - 1 : -1);
        }
    }

    private static double Dot(double[] vectors, int a, int b)
    {
        double sum = 0;
        for (int at = 0; at < vectors.Length; at += Block)
        {
            sum += vectors[at + a] * vectors[at + b];
        }

        return sum;
    }

    private static void Add(double[] vectors, int from, int to, double factor)
    {
        for (int at = 0; at < vectors.Length; at += Block)
        {
            vectors[at + to] += factor * vectors[at + from];
        }
    }

    /// <summary>vectors' images: what X'X does within the block.</summary>
    private static double[] Inner(double[] vectors, double[] images)
    {
        double[] inner = new double[Block * Block];
        for (int at = 0; at < vectors.Length; at += Block)
        {
            for (int a = 0; a < Block; a++)
            {
                for (int b = 0; b <= a; b++)
                {
                    inner[(a * Block) + b] += vectors[at + a] * images[at + b];
                }
            }
        }

        for (int a = 0; a < Block; a++)
        {
            for (int b = 0; b < a; b++)
            {
                inner[(b * Block) + a] = inner[(a * Block) + b];
            }
        }

        return inner;
    }

    private static void Turn(double[] vectors, double[] turn)
    {
        Span<double> row = stackalloc double[Block];
        for (int at = 0; at < vectors.Length; at += Block)
        {
            vectors.AsSpan(at, Block).CopyTo(row);
            for (int k = 0; k < Block; k++)
            {
                double sum = 0;
                for (int m = 0; m < Block; m++)
                {
                    sum += row[m] * turn[(m * Block) + k];
                }

                vectors[at + k] = sum;
            }
        }
    }

    private static double Residual(double[] vectors, double[] images, double[] values)
    {
        double worst = 0;
        for (int k = 0; k < Count; k++)
        {
            double sum = 0;
            for (int at = k; at < vectors.Length; at += Block)
            {
                double off = images[at] - (values[k] * vectors[at]);
                sum += off * off;
            }

            worst = Math.Max(worst, Math.Sqrt(sum));
        }

        return worst;
    }
}
