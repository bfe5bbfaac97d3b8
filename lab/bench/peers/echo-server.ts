import { createServer } from 'node:http';
import { listenForParent } from './listen.js';

/** Measures the cost of Node's HTTP alone: reads the body and sends an answer the size of a lease. */

const ANSWER = JSON.stringify({ status: 'acquired', padding: 'x'.repeat(240) });

const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    response.writeHead(200, {
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(ANSWER),
    });
    response.end(ANSWER);
  });
});
listenForParent(server);
