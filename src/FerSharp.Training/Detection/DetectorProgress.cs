using System.Globalization;
using System.Text;

namespace FerSharp.Training;

/// <summary>Where a detector's run is. Reported about once a second, and after each epoch.</summary>
/// <param name="Epoch">The running epoch, counted from 1.</param>
/// <param name="Epochs">How many there will be.</param>
/// <param name="Step">Steps done in this epoch.</param>
/// <param name="Steps">Steps of an epoch.</param>
/// <param name="Loss">Mean losses of the epoch so far.</param>
/// <param name="ImagesPerSecond">Pictures in a second, in this epoch so far.</param>
/// <param name="Remaining">Time left for the whole run, without validation.</param>
/// <param name="Finished">What the epoch gave, in the report at its end; else null.</param>
public sealed record DetectorProgress(
    int Epoch, int Epochs, int Step, int Steps, DetectorLoss Loss, double ImagesPerSecond, TimeSpan Remaining, DetectorEpoch? Finished);

/// <summary>What one epoch of a detector's run gave.</summary>
/// <param name="Epoch">Counted from 1.</param>
/// <param name="LearningRate">The last step's.</param>
/// <param name="Loss">Mean training losses.</param>
/// <param name="Validation">Figures of the averaged weights on the validation pictures.</param>
/// <param name="Seconds">How long it took.</param>
public sealed record DetectorEpoch(int Epoch, double LearningRate, DetectorLoss Loss, DetectorFigures Validation, double Seconds);

/// <summary>Writes a detector's epochs for people and other programs.</summary>
internal static class DetectorHistory
{
    public static void Write(string folder, IReadOnlyList<DetectorEpoch> epochs)
    {
        var csv = new StringBuilder("epoch,learning_rate,loss_scores,loss_boxes,loss_points,ap_40,ap_20,recall_20,false_boxes,point_error,seconds\n");
        foreach (DetectorEpoch e in epochs)
        {
            csv.Append(CultureInfo.InvariantCulture, $"{e.Epoch},{e.LearningRate:g6},{e.Loss.Scores:f5},{e.Loss.Boxes:f5},{e.Loss.Points:f5},{e.Validation.Precision40:f5},{e.Validation.Precision20:f5},{e.Validation.Recall:f5},{e.Validation.FalseBoxes:f5},{e.Validation.PointError:f5},{e.Seconds:f1}\n");
        }

        ChartPanel[] panels =
        [
            new("training loss", [("scores", [.. epochs.Select(e => e.Loss.Scores)]), ("boxes", [.. epochs.Select(e => e.Loss.Boxes)]), ("points", [.. epochs.Select(e => e.Loss.Points)])]),
            new("validation", [("AP from 40 px", [.. epochs.Select(e => e.Validation.Precision40)]), ("AP from 20 px", [.. epochs.Select(e => e.Validation.Precision20)]), ("recall at 0.5", [.. epochs.Select(e => e.Validation.Recall)])]),
        ];
        TrainingHistory.Write(folder, epochs, csv.ToString(), panels);
    }
}
