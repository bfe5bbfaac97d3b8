import ts from 'typescript';

const PARSING = {
  languageVersion: ts.ScriptTarget.ESNext,
  jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
} as const;

/** The prose of a TypeScript source: its comments, and its strings of more than one word. */
export function textsOf(source: string): string[] {
  const file = ts.createSourceFile('source.ts', source, PARSING);
  const literals = literalsBelow(file);
  const strings = literals.flatMap((node) => (isText(node) && node.text.includes(' ') ? [node.text] : []));
  return [...commentsIn(withoutLiterals(file, literals)), ...strings];
}

/** In the order of the source. */
function literalsBelow(node: ts.Node): ts.Node[] {
  const found: ts.Node[] = [];
  const visit = (child: ts.Node): void => {
    if (isText(child) || ts.isRegularExpressionLiteral(child)) found.push(child);
    else ts.forEachChild(child, visit);
  };
  visit(node);
  return found;
}

function isText(node: ts.Node): node is ts.LiteralLikeNode {
  return (
    ts.isStringLiteral(node) ||
    ts.isNoSubstitutionTemplateLiteral(node) ||
    ts.isTemplateHead(node) ||
    ts.isTemplateMiddleOrTemplateTail(node)
  );
}

/** What looks like a comment in the rest is one. */
function withoutLiterals(file: ts.SourceFile, literals: readonly ts.Node[]): string {
  const starts = [...literals.map((literal) => literal.getStart(file)), file.end];
  const ends = [0, ...literals.map(({ end }) => end)];
  return ends.map((end, index) => file.text.slice(end, starts[index])).join(' ');
}

/** Without the comment markers. */
function commentsIn(code: string): string[] {
  return (code.match(/\/\/.*|\/\*[\s\S]*?\*\//g) ?? []).map(plain);
}

function plain(comment: string): string {
  return comment
    .replace(/^\/[/*]+/, '')
    .replace(/\*\/$/, '')
    .replaceAll(/\n\s*\*/g, '\n');
}
