using System.Collections;
using FerSharp.Evaluation;
using FerSharp.MLNet;

namespace FerSharp.Cli.Training;

/// <summary>The faces of a data set, to be trained on: loaded one after the other, each freed some faces later. What cannot be used is counted and named.</summary>
internal sealed class TrainingFaces(FaceDataset dataset, IFaceDetector? detector, CancellationToken cancellationToken) : IEnumerable<LabelledFace>
{
    /// <summary>Pictures that stay valid; more than a table asks for.</summary>
    private const int Held = 32;

    private readonly List<DatasetFault> _faults = [];

    /// <summary>Pictures that could not be loaded.</summary>
    public IReadOnlyList<DatasetFault> Faults => _faults;

    /// <summary>Pictures in which no face was found.</summary>
    public int Missed { get; private set; }

    public IEnumerator<LabelledFace> GetEnumerator()
    {
        var held = new Queue<Frame>();
        try
        {
            for (int i = 0; i < dataset.Samples.Count; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (dataset.Samples[i] is { Label: { } label } sample && TryLoad(i) is { } frame)
                {
                    held.Enqueue(frame);
                    if (TryLocate(frame.View, out FaceRegion region))
                    {
                        yield return new LabelledFace(region, label, sample.Subject);
                    }
                }

                while (held.Count > Held)
                {
                    held.Dequeue().Dispose();
                }
            }
        }
        finally
        {
            while (held.TryDequeue(out Frame? frame))
            {
                frame.Dispose();
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
