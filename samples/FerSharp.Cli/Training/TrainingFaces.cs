using System.Collections;
using FerSharp.Evaluation;
using FerSharp.MLNet;

namespace FerSharp.Cli.Training;

/// <summary>The faces of a data set, to be trained on: loaded one after the other, each freed when the next is asked for. What cannot be used is counted and named.</summary>
internal sealed class TrainingFaces(FaceDataset dataset, IFaceDetector? detector, CancellationToken cancellationToken) : IEnumerable<LabelledFace>
{
    private readonly List<DatasetFault> _faults = [];

    /// <summary>Pictures that could not be loaded.</summary>
    public IReadOnlyList<DatasetFault> Faults => _faults;

    /// <summary>Pictures in which no face was found.</summary>
    public int Missed { get; private set; }

    public IEnumerator<LabelledFace> GetEnumerator()
    {
        for (int i = 0; i < dataset.Samples.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            FaceSample sample = dataset.Samples[i];
            using Frame? frame = sample.Label.HasValue ? TryLoad(i) : null;
            if (frame is not null && TryLocate(frame.View, out FaceRegion region))
            {
                yield return new LabelledFace(region, sample.Label!.Value, sample.Subject);
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private Frame? TryLoad(int index)
    {
        try
        {
            return dataset.Load(index);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            _faults.Add(new DatasetFault(dataset.Samples[index].Id, e.Message));
            return null;
        }
    }

    private bool TryLocate(in FrameView frame, out FaceRegion region)
    {
        if (detector is null)
        {
            region = FaceRegion.Whole(frame);
            return true;
        }

        FaceDetection[] faces = detector.Detect(frame, cancellationToken: cancellationToken);
        Missed += faces.Length == 0 ? 1 : 0;
        region = faces.Length == 0 ? default : new FaceRegion(frame, faces.MaxBy(face => face.Box.Area));
        return faces.Length > 0;
    }
}
