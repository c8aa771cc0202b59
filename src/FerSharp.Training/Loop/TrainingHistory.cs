using System.Globalization;
using System.Text;
using System.Text.Json;

namespace FerSharp.Training;

/// <summary>What one epoch gave.</summary>
/// <param name="Epoch">Counted from 1.</param>
/// <param name="Size">Side of the training pictures.</param>
/// <param name="LearningRate">The last step's.</param>
/// <param name="Loss">Mean training loss.</param>
/// <param name="Fer2013">Share of validation pictures whose FER-2013 label the FER-2013 output finds.</param>
/// <param name="Consensus8">Share of validation pictures with a FER+ majority that the consensus output finds, eight classes.</param>
/// <param name="Consensus7">The same without contempt, as label and as answer.</param>
/// <param name="ValidationLoss">Mean validation loss, weighted as in training.</param>
/// <param name="Seconds">How long it took.</param>
public sealed record EpochRecord(
    int Epoch, int Size, double LearningRate, double Loss, double Fer2013, double Consensus8, double Consensus7, double ValidationLoss, double Seconds)
{
    /// <summary>What the best epoch is chosen by: the mean of <see cref="Fer2013"/> and <see cref="Consensus8"/>.</summary>
    public double Score => (Fer2013 + Consensus8) / 2;
}

/// <summary>Writes a run's epochs for people and other programs.</summary>
internal static class TrainingHistory
{
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static void Write(string folder, IReadOnlyList<EpochRecord> epochs)
    {
        File.WriteAllText(Path.Combine(folder, "history.json"), JsonSerializer.Serialize(epochs, Format) + "\n");
        var csv = new StringBuilder("epoch,size,learning_rate,loss,fer2013,consensus8,consensus7,validation_loss,seconds\n");
        foreach (EpochRecord e in epochs)
        {
            csv.Append(CultureInfo.InvariantCulture, $"{e.Epoch},{e.Size},{e.LearningRate:g6},{e.Loss:f5},{e.Fer2013:f5},{e.Consensus8:f5},{e.Consensus7:f5},{e.ValidationLoss:f5},{e.Seconds:f1}\n");
        }

        File.WriteAllText(Path.Combine(folder, "history.csv"), csv.ToString());
    }
}
