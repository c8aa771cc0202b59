namespace FerSharp.Core.Tests.Tracking;

/// <summary>Runs scripted faces through a tracker.</summary>
internal static class TrackedScene
{
    public static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    public static FaceDetection Face(double centreX, double centreY, double size = 100) =>
        new(new RectF((float)(centreX - (size / 2)), (float)(centreY - (size / 2)), (float)size, (float)size), 0.9f);

    /// <summary>Numbers that each person had, one set for a person, 0 left out.</summary>
    /// <param name="tracker">The tracker.</param>
    /// <param name="framesPerSecond">How often a frame comes.</param>
    /// <param name="duration">In seconds.</param>
    /// <param name="persons">Where a person is at a time; null where no face is found.</param>
    public static SortedSet<int>[] Run(FaceTracker tracker, double framesPerSecond, double duration, params Func<double, FaceDetection?>[] persons)
    {
        SortedSet<int>[] ids = [.. persons.Select(_ => new SortedSet<int>())];
        int frames = (int)Math.Round(duration * framesPerSecond);
        for (int i = 0; i <= frames; i++)
        {
            double time = i / framesPerSecond;
            FaceDetection?[] faces = [.. persons.Select(person => person(time))];
            int[] present = [.. Enumerable.Range(0, persons.Length).Where(p => faces[p] is not null)];
            // The order of detections says nothing about people: here it changes from frame to frame.
            present = i % 2 == 0 ? present : [.. present.Reverse()];
            int[] trackIds = new int[present.Length];
            tracker.Update(Seconds(time), [.. present.Select(p => faces[p]!.Value)], trackIds);
            foreach ((int person, int id) in present.Zip(trackIds).Where(pair => pair.Second != 0))
            {
                ids[person].Add(id);
            }
        }

        return ids;
    }
}
