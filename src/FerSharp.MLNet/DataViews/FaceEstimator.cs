using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using Microsoft.ML.Transforms.Image;

namespace FerSharp.MLNet;

/// <summary>A mapping of the rows' images. Needs no training.</summary>
/// <typeparam name="TRow">What is made of a row.</typeparam>
internal sealed class FaceEstimator<TRow> : IEstimator<ITransformer>
    where TRow : class, new()
{
    private readonly CustomMappingEstimator<ImageRow, TRow> _mapping;
    private readonly CustomMappingEstimator<NoRow, TRow> _shape;
    private readonly string _imageColumnName;

    /// <summary>Makes the mapping.</summary>
    /// <param name="catalog">The transforms' catalogue.</param>
    /// <param name="imageColumnName">The column that is read.</param>
    /// <param name="map">Reads one row and fills the other.</param>
    /// <param name="output">The columns that are made.</param>
    public FaceEstimator(TransformsCatalog catalog, string imageColumnName, Action<ImageRow, TRow> map, SchemaDefinition output)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(imageColumnName);
        _imageColumnName = imageColumnName;
        SchemaDefinition input = SchemaDefinition.Create(typeof(ImageRow));
        input[nameof(ImageRow.Image)].ColumnName = imageColumnName;
        _mapping = catalog.CustomMapping(map, contractName: null, input, output);
        _shape = catalog.CustomMapping<NoRow, TRow>((_, _) => { }, contractName: null, inputSchemaDefinition: null, output);
    }

    public ITransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        ThrowIfMissing(input.Schema.GetColumnOrNull(_imageColumnName) is not null);
        return _mapping.Fit(input);
    }

    // In a chain, ML.NET 5.0.1 refuses a mapping's image column as a mismatch of equal types; so only the new columns are asked for.
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        ThrowIfMissing(inputSchema.Any(column => column.Name == _imageColumnName));
        return _shape.GetOutputSchema(inputSchema);
    }

    private void ThrowIfMissing(bool found)
    {
        if (!found)
        {
            throw new ArgumentException($"The data has no column '{_imageColumnName}' of images.");
        }
    }
}

/// <summary>What is read of a row.</summary>
internal sealed class ImageRow
{
    [AnyImageType]
    public MLImage? Image { get; set; }
}

/// <summary>Nothing is read.</summary>
internal sealed class NoRow
{
}

/// <summary>An image of any size, as ML.NET's loader makes it: the type that its own attribute cannot name.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class AnyImageTypeAttribute : DataViewTypeAttribute
{
    public override bool Equals(DataViewTypeAttribute? other) => other is AnyImageTypeAttribute;

    public override int GetHashCode() => typeof(AnyImageTypeAttribute).GetHashCode();

    public override void Register() => DataViewTypeManager.Register(new ImageDataViewType(), typeof(MLImage), this);
}
