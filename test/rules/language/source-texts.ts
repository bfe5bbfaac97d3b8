import ts from 'typescript';

/** The prose of a TypeScript source: its comments, and its strings of more than one word. */
export function textsOf(source: string): string[] {
  const file = ts.createSourceFile('source.ts', source, ts.ScriptTarget.ESNext, true);
  const comments = new Map<number, string>();
  const strings: string[] = [];
  const visit = (node: ts.Node): void => {
    for (const { pos, end } of commentsAround(source, node)) comments.set(pos, plain(source.slice(pos, end)));
    if (isText(node) && node.text.includes(' ')) strings.push(node.text);
    for (const child of node.getChildren(file)) visit(child);
  };
  visit(file);
  return [...comments.values(), ...strings];
}

function commentsAround(source: string, node: ts.Node): ts.CommentRange[] {
  return [
    ...(ts.getLeadingCommentRanges(source, node.getFullStart()) ?? []),
    ...(ts.getTrailingCommentRanges(source, node.end) ?? []),
  ];
}

function isText(node: ts.Node): node is ts.LiteralLikeNode {
  return (
    ts.isStringLiteral(node) ||
    ts.isNoSubstitutionTemplateLiteral(node) ||
    ts.isTemplateHead(node) ||
    ts.isTemplateMiddleOrTemplateTail(node)
  );
}

/** Without the comment markers. */
function plain(comment: string): string {
  return comment
    .replace(/^\/[/*]+/, '')
    .replace(/\*\/$/, '')
    .replaceAll(/\n\s*\*/g, '\n');
}
