namespace FerSharp.Evaluation;

/// <summary>Eigenvalues and eigenvectors of a small symmetric matrix by Jacobi rotations (Golub and Van Loan, Matrix Computations, 2013, section 8.5).</summary>
internal static class SymmetricEigen
{
    private const int Sweeps = 60;

    /// <summary>Solves.</summary>
    /// <param name="matrix">The matrix, row by row; overwritten.</param>
    /// <param name="size">Rows and columns.</param>
    /// <returns>The values, largest first, and the vectors as the columns of a matrix.</returns>
    public static (double[] Values, double[] Vectors) Solve(double[] matrix, int size)
    {
        double[] vectors = new double[size * size];
        for (int i = 0; i < size; i++)
        {
            vectors[(i * size) + i] = 1;
        }

        double all = Math.Sqrt(matrix.Sum(value => value * value));
        for (int sweep = 0; sweep < Sweeps && OffDiagonal(matrix, size) > 1e-16 * all; sweep++)
        {
            for (int p = 0; p < size - 1; p++)
            {
                for (int q = p + 1; q < size; q++)
                {
                    Rotate(matrix, vectors, size, p, q);
                }
            }
        }

        int[] order = [.. Enumerable.Range(0, size).OrderByDescending(i => matrix[(i * size) + i])];
        double[] sorted = new double[size * size];
        for (int i = 0; i < size; i++)
        {
            for (int k = 0; k < size; k++)
            {
                sorted[(i * size) + k] = vectors[(i * size) + order[k]];
            }
        }

        return ([.. order.Select(i => matrix[(i * size) + i])], sorted);
    }

    private static double OffDiagonal(double[] matrix, int size)
    {
        double sum = 0;
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < i; j++)
            {
                sum += 2 * matrix[(i * size) + j] * matrix[(i * size) + j];
            }
        }

        return Math.Sqrt(sum);
    }

    private static void Rotate(double[] matrix, double[] vectors, int size, int p, int q)
    {
        double off = matrix[(p * size) + q];
        if (off == 0)
        {
            return;
        }

        // The smaller of the two angles that make the element zero.
        double theta = (matrix[(q * size) + q] - matrix[(p * size) + p]) / (2 * off);
        double tangent = (theta >= 0 ? 1 : -1) / (Math.Abs(theta) + Math.Sqrt((theta * theta) + 1));
        double cosine = 1 / Math.Sqrt((tangent * tangent) + 1), sine = tangent * cosine;
        for (int i = 0; i < size; i++)
        {
            Mix(ref matrix[(i * size) + p], ref matrix[(i * size) + q], cosine, sine);
        }

        for (int i = 0; i < size; i++)
        {
            Mix(ref matrix[(p * size) + i], ref matrix[(q * size) + i], cosine, sine);
            Mix(ref vectors[(i * size) + p], ref vectors[(i * size) + q], cosine, sine);
        }
    }

    private static void Mix(ref double a, ref double b, double cosine, double sine) => (a, b) = ((cosine * a) - (sine * b), (sine * a) + (cosine * b));
}
