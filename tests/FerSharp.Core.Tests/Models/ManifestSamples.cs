using System.Text;
using System.Text.Json.Nodes;

namespace FerSharp.Core.Tests.Models;

/// <summary>Valid manifests to start from, and ways to change them.</summary>
internal static class ManifestSamples
{
    public static JsonObject Classifier() => JsonNode.Parse(
        """
        {
          "schema": 1, "id": "toy", "version": "1.0", "task": "emotionClassification", "file": "toy.onnx",
          "license": { "name": "MIT", "commercial": "allowed" },
          "input": { "name": "input", "width": 48, "height": 40, "channels": 1, "order": "gray" },
          "output": { "name": "output", "activation": "logits", "labels": ["neutral", "anger", "ignore", null] }
        }
        """)!.AsObject();

    public static JsonObject Detector() => JsonNode.Parse(
        """
        {
          "schema": 1, "id": "toy-detector", "version": "1.0", "task": "faceDetection", "file": "toy.onnx",
          "license": { "name": "MIT", "commercial": "unclear" },
          "input": { "name": "input", "width": 320, "height": 240, "channels": 3, "order": "bgr" },
          "output": { "decoder": "cells", "names": ["pred"], "strides": [8, 16] }
        }
        """)!.AsObject();

    /// <summary>Sets a member by a dotted path; a null text removes it.</summary>
    public static JsonObject With(this JsonObject manifest, string path, string? json)
    {
        string[] steps = path.Split('.');
        JsonObject target = manifest;
        foreach (string step in steps[..^1])
        {
            target[step] ??= new JsonObject();
            target = target[step]!.AsObject();
        }

        target.Remove(steps[^1]);
        if (json is not null)
        {
            target[steps[^1]] = JsonNode.Parse(json);
        }

        return manifest;
    }

    public static ModelManifest Read(this JsonObject manifest) => Read(manifest.ToJsonString());

    public static ModelManifest Read(string json) => ModelManifestReader.Read(Encoding.UTF8.GetBytes(json), "test.json");

    public static FerModelException Refuse(this JsonObject manifest) => Refuse(manifest.ToJsonString());

    public static FerModelException Refuse(string json) => Assert.Throws<FerModelException>(() => Read(json));
}
