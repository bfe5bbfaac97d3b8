using System;

namespace OctoStore.Tests;

/// <summary>Marks a test: a method without parameters that gives a task, of a class that needs no arguments.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TestAttribute : Attribute;
