using System.Globalization;
using System.Text;
using System.Text.Json;

namespace FerSharp.Training;

/// <summary>What one epoch gave.</summary>
/// <param name="Epoch">Counted from 1.</param>
/// <param name="Size">Side of the training pictures.</param>
/// <param name="LearningRate">The last step's.</param>
/// <param name="Loss">Mean training loss.</param>
/// <param name="Validation">Figures of the averaged weights on the validation pictures.</param>
/// <param name="Score">The mean accuracy of the outputs that are trained.</param>
/// <param name="Seconds">How long it took.</param>
public sealed record EpochRecord(int Epoch, int Size, double LearningRate, double Loss, ValidationFigures Validation, double Score, double Seconds)
{
    /// <summary>A figure of which more is better.</summary>
    internal double Figure(MonitoredFigure figure) => figure == MonitoredFigure.ValidationLoss ? -Validation.Loss : Score;
}

/// <summary>Writes a run's epochs for people and other programs.</summary>
internal static class TrainingHistory
{
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static void Write(string folder, IReadOnlyList<EpochRecord> epochs)
    {
        var csv = new StringBuilder("epoch,size,learning_rate,loss,fer2013,consensus8,consensus7,validation_loss,seconds\n");
        foreach (EpochRecord e in epochs)
        {
            csv.Append(CultureInfo.InvariantCulture, $"{e.Epoch},{e.Size},{e.LearningRate:g6},{e.Loss:f5},{e.Validation.Fer2013:f5},{e.Validation.Consensus8:f5},{e.Validation.Consensus7:f5},{e.Validation.Loss:f5},{e.Seconds:f1}\n");
        }

        ChartPanel[] panels =
        [
            new("loss", [("training", [.. epochs.Select(e => e.Loss)]), ("validation", [.. epochs.Select(e => e.Validation.Loss)])]),
            new("validation accuracy", [("FER-2013", [.. epochs.Select(e => e.Validation.Fer2013)]), ("FER+ 8", [.. epochs.Select(e => e.Validation.Consensus8)]), ("FER+ 7", [.. epochs.Select(e => e.Validation.Consensus7)])]),
        ];
        Write(folder, epochs, csv.ToString(), panels);
    }

    /// <summary>Writes <c>history.json</c>, <c>history.csv</c> and <c>history.svg</c>.</summary>
    public static void Write<TEpoch>(string folder, IReadOnlyList<TEpoch> epochs, string csv, IReadOnlyList<ChartPanel> panels)
    {
        File.WriteAllText(Path.Combine(folder, "history.json"), JsonSerializer.Serialize(epochs, Format) + "\n");
        File.WriteAllText(Path.Combine(folder, "history.csv"), csv);
        File.WriteAllText(Path.Combine(folder, "history.svg"), HistoryChart.Draw(panels));
    }
}
