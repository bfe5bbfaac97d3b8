using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

int problems = 0;
string[] files = args.SelectMany(folder => Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories)).ToArray();
foreach (string file in files)
{
    string text = File.ReadAllText(file);
    SyntaxNode root = CSharpSyntaxTree.ParseText(text, path: file).GetRoot();
    bool isLibrary = file.StartsWith("src/", StringComparison.Ordinal);
    foreach ((int line, string problem) in Lint.Problems(text, root, isLibrary))
    {
        Console.WriteLine($"{file}({line + 1}): {problem}");
        problems++;
    }
}
Console.WriteLine($"{files.Length} files, {problems} problems of style");
return problems == 0 && files.Length > 0 ? 0 : 1;

/// <summary>What the compiler does not look at.</summary>
internal static class Lint
{
    private const int LineLengthMax = 125;
    private const int FileLinesMax = 300;
    private const int MethodLinesMax = 45;
    private const int Indent = 4;

    public static IEnumerable<(int Line, string Problem)> Problems(string text, SyntaxNode root, bool isLibrary)
    {
        IEnumerable<(int, string)> problems = OfText(text).Concat(OfMethods(root)).Concat(OfBlocks(root));
        return isLibrary ? problems.Concat(OfAwaits(root)) : problems;
    }

    private static IEnumerable<(int, string)> OfText(string text)
    {
        string[] lines = text.Split('\n');
        if (lines.Length > FileLinesMax) yield return (0, "the file is too long");
        if (!text.EndsWith('\n') || text.EndsWith("\n\n")) yield return (lines.Length - 1, "not one line feed at the end");
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i].Length > LineLengthMax) yield return (i, "the line is too long");
            if (lines[i].Contains('\t') || lines[i].Contains('\r')) yield return (i, "a tab or a carriage return");
            if (lines[i].EndsWith(' ')) yield return (i, "a space at the end");
            if (i > 0 && lines[i].Length == 0 && lines[i - 1].Length == 0) yield return (i, "more than one empty line");
        }
    }

    private static IEnumerable<(int, string)> OfMethods(SyntaxNode root) =>
        from method in root.DescendantNodes().OfType<MethodDeclarationSyntax>()
        where method.Body is { } body && LastLine(body) - FirstLine(body) > MethodLinesMax
        select (FirstLine(method), "the method is too long");

    /// <summary>Libraries must not go on in the context of their callers.</summary>
    private static IEnumerable<(int, string)> OfAwaits(SyntaxNode root) =>
        from wait in root.DescendantNodes().OfType<AwaitExpressionSyntax>()
        let call = (wait.Expression as InvocationExpressionSyntax)?.Expression as MemberAccessExpressionSyntax
        where call?.Name.Identifier.Text != "ConfigureAwait"
        select (FirstLine(wait), "an await without ConfigureAwait");

    /// <summary>Braces stand below each other, and what is between them four columns to the right.</summary>
    private static IEnumerable<(int, string)> OfBlocks(SyntaxNode root)
    {
        foreach (SyntaxNode node in root.DescendantNodes())
        {
            (SyntaxToken open, SyntaxToken close) = node switch
            {
                BlockSyntax block => (block.OpenBraceToken, block.CloseBraceToken),
                TypeDeclarationSyntax type => (type.OpenBraceToken, type.CloseBraceToken),
                _ => default,
            };
            if (open.IsKind(SyntaxKind.None) || Line(open) == Line(close)) continue;
            IEnumerable<SyntaxNode> inside = node.ChildNodes()
                .Where(child => node is BlockSyntax ? child is StatementSyntax : child is MemberDeclarationSyntax);
            int column = Column(open);
            if (Column(close) != column) yield return (Line(close), "the brace does not stand below the other");
            foreach (SyntaxNode child in inside.Where(child => Column(child.GetFirstToken()) != column + Indent))
            {
                yield return (FirstLine(child), "it is not indented by four columns");
            }
        }
    }

    private static int Column(SyntaxToken token) => token.GetLocation().GetLineSpan().StartLinePosition.Character;

    private static int Line(SyntaxToken token) => token.GetLocation().GetLineSpan().StartLinePosition.Line;

    private static int FirstLine(SyntaxNode node) => Line(node.GetFirstToken());

    private static int LastLine(SyntaxNode node) => Line(node.GetLastToken());
}
