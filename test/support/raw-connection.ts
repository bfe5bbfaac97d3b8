import { onTestFinished } from 'vitest';
import { RawConnection } from '../../lab/kit/http/raw-http.js';

/** Opens a connection that is cut when the test ends. */
export async function openRawConnection(url: string): Promise<RawConnection> {
  const connection = await RawConnection.to(url);
  onTestFinished(() => connection.cut());
  return connection;
}
