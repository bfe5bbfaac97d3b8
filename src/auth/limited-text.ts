/** Reads a body of at most `bytesMax` bytes as UTF-8. Throws an error as soon as it is larger. */
export async function readLimited(body: AsyncIterable<Buffer>, bytesMax: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Leaving the loop early destroys the stream and closes the connection.
  for await (const chunk of body) {
    size += chunk.length;
    if (size > bytesMax) throw new Error('the response is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
