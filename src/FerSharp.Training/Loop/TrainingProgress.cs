namespace FerSharp.Training;

/// <summary>Where a run is. Reported about once a second, and after each epoch.</summary>
/// <param name="Epoch">The running epoch, counted from 1.</param>
/// <param name="Epochs">How many there will be at most.</param>
/// <param name="Step">Steps done in this epoch.</param>
/// <param name="Steps">Steps of an epoch.</param>
/// <param name="Loss">Mean training loss of the epoch so far.</param>
/// <param name="ImagesPerSecond">Pictures in a second, in this epoch so far.</param>
/// <param name="Remaining">Time left for the whole run; larger pictures of later epochs are accounted for.</param>
/// <param name="Finished">What the epoch gave, in the report at its end; else null.</param>
public sealed record TrainingProgress(
    int Epoch, int Epochs, int Step, int Steps, double Loss, double ImagesPerSecond, TimeSpan Remaining, EpochRecord? Finished);
