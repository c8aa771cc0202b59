namespace FerSharp.Tracking;

/// <summary>The assignment problem: pairs rows with columns so that the sum of their costs is least, where a row may also stay alone at cost 0.</summary>
/// <remarks>
/// Shortest augmenting paths with potentials (Kuhn, The Hungarian method, 1955; Jonker and Volgenant, 1987), exact, O(rows squared times columns).
/// Staying alone is a column of cost 0 for each row. Buffers grow to the largest problem and are reused. Not thread-safe.
/// </remarks>
internal sealed class Assignment
{
    private double[] _rowPotential = [], _columnPotential = [], _least = [];
    private int[] _rowOf = [], _previous = [];
    private bool[] _visited = [];

    /// <param name="costs">Row after row; a cost of 0 or more never makes a pair.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="columns">Number of columns.</param>
    /// <param name="columnOf">Receives each row's column, or -1.</param>
    public void Solve(ReadOnlySpan<double> costs, int rows, int columns, Span<int> columnOf)
    {
        int width = columns + rows;
        Reserve(rows, width);
        Array.Clear(_rowPotential, 0, rows + 1);
        Array.Clear(_columnPotential, 0, width + 1);
        Array.Clear(_rowOf, 0, width + 1);
        for (int row = 1; row <= rows; row++)
        {
            Augment(costs, row, columns, width);
        }

        columnOf[..rows].Fill(-1);
        for (int column = 1; column <= columns; column++)
        {
            int row = _rowOf[column] - 1;
            if (row >= 0 && costs[(row * columns) + column - 1] < 0)
            {
                columnOf[row] = column - 1;
            }
        }
    }

    /// <summary>Finds the shortest path from a new row to a free column and shifts the pairs along it. Position 0 stands for the new row's start.</summary>
    private void Augment(ReadOnlySpan<double> costs, int newRow, int columns, int width)
    {
        _rowOf[0] = newRow;
        Array.Fill(_least, double.PositiveInfinity, 0, width + 1);
        Array.Clear(_visited, 0, width + 1);
        int column = 0;
        do
        {
            _visited[column] = true;
            int row = _rowOf[column], next = 0;
            double step = double.PositiveInfinity;
            for (int j = 1; j <= width; j++)
            {
                if (_visited[j])
                {
                    continue;
                }

                double cost = j <= columns ? Math.Min(costs[((row - 1) * columns) + j - 1], 0) : 0;
                double reduced = cost - _rowPotential[row] - _columnPotential[j];
                if (reduced < _least[j])
                {
                    (_least[j], _previous[j]) = (reduced, column);
                }

                if (_least[j] < step)
                {
                    (step, next) = (_least[j], j);
                }
            }

            for (int j = 0; j <= width; j++)
            {
                if (_visited[j])
                {
                    _rowPotential[_rowOf[j]] += step;
                    _columnPotential[j] -= step;
                }
                else
                {
                    _least[j] -= step;
                }
            }

            column = next;
        }
        while (_rowOf[column] != 0);

        while (column != 0)
        {
            _rowOf[column] = _rowOf[_previous[column]];
            column = _previous[column];
        }
    }

    private void Reserve(int rows, int width)
    {
        if (_rowPotential.Length <= rows)
        {
            _rowPotential = new double[rows + 1];
        }

        if (_rowOf.Length <= width)
        {
            _columnPotential = new double[width + 1];
            _least = new double[width + 1];
            _rowOf = new int[width + 1];
            _previous = new int[width + 1];
            _visited = new bool[width + 1];
        }
    }
}
