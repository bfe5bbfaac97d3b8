import { createServer } from 'node:http';
import { listenAndTell } from './listen.js';

/** What Node's HTTP costs by itself: reads the body and answers something of the size of a lease. */

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
listenAndTell(server);
