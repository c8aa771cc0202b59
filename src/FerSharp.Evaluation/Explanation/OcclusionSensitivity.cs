namespace FerSharp.Evaluation;

/// <summary>Which parts of a face a classifier's score hangs on: each part is covered in turn, and the drop of the score is noted (Zeiler and Fergus, Visualizing and Understanding Convolutional Networks, 2014).</summary>
/// <remarks>
/// <para>Works with any classifier, since it looks at scores only. It says what the model uses, not whether that is right.</para>
/// <para>A patch is filled with the mean colour of the ring around it, half a patch wide. So nothing is left of what was there, and the cover
/// is no dark or light spot of its own, which a gray square is on many faces. Deterministic.</para>
/// </remarks>
public static class OcclusionSensitivity
{
    /// <summary>Covers a face part by part.</summary>
    /// <param name="classifier">The classifier; borrowed.</param>
    /// <param name="face">The face; its picture is borrowed and not changed.</param>
    /// <param name="options">Patch, step, expression; null means the defaults.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <exception cref="ArgumentNullException"><paramref name="classifier"/> is null.</exception>
    /// <exception cref="ArgumentException">The region is empty (default), options out of range, or the classifier does not know the expression.</exception>
    /// <exception cref="ObjectDisposedException">The classifier is disposed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="FerInferenceException">The model's run failed.</exception>
    public static OcclusionMap Run(IEmotionClassifier classifier, in FaceRegion face, OcclusionOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        if (face.Frame.IsEmpty)
        {
            throw new ArgumentException("The region is empty (default): there is no picture to look at.", nameof(face));
        }

        options ??= new OcclusionOptions();
        options.ThrowIfInvalid();
        if (options.Emotion is { } wanted && !classifier.Model.Emotions.Contains(wanted))
        {
            throw new ArgumentException($"Model '{classifier.Model.Id}' does not know {wanted}. It knows {classifier.Model.Emotions}.", nameof(options));
        }

        var cover = new PatchCover(face, options);
        EmotionScores clean = classifier.Classify(cover.Region(0), cancellationToken);
        Emotion emotion = options.Emotion ?? clean.Top;
        var cells = new List<OcclusionCell>(cover.Count);
        var regions = new FaceRegion[cover.Slots];
        var scores = new EmotionScores[cover.Slots];
        for (int start = 0; start < cover.Count; start += cover.Slots)
        {
            int count = Math.Min(cover.Slots, cover.Count - start);
            for (int slot = 0; slot < count; slot++)
            {
                cover.Cover(slot, start + slot);
                regions[slot] = cover.Region(slot);
            }

            classifier.Classify(regions.AsSpan(0, count), scores, cancellationToken);
            for (int slot = 0; slot < count; slot++)
            {
                cells.Add(new OcclusionCell(cover.PatchInPicture(start + slot), clean[emotion] - scores[slot][emotion]));
                cover.Restore(slot, start + slot);
            }
        }

        return new OcclusionMap(classifier.Model, emotion, clean, face, cells, cover.Columns);
    }
}
