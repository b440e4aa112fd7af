import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connectObjects } from '../../platform/objects.ts';

/** Answers one request as S3 does, and tells what was asked. */
async function askedOf(act: () => Promise<unknown>): Promise<IncomingHttpHeaders> {
  let asked: IncomingHttpHeaders = {};
  const server = createServer((request, response) => {
    asked = request.headers;
    request.resume();
    response.end('<CopyObjectResult><ETag>"1"</ETag></CopyObjectResult>');
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const variables = {
    AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', AWS_REGION: 'us-east-1' },
  };
  const before = { ...process.env };
  Object.assign(process.env, variables);
  try {
    await act();
  } finally {
    process.env = before;
    await new Promise(resolve => server.close(resolve));
  }
  return asked;
}

test('a copy leaves the tags of a file behind, since to keep them would take permissions on tags', async () => {
  const asked = await askedOf(() =>
    connectObjects('bucket').copy('landing/a b.csv', 'ingested/a b.csv', { etag: '"1"' }),
  );
  expect(asked).toMatchObject({
    'x-amz-copy-source': 'bucket/landing/a%20b.csv',
    'x-amz-copy-source-if-match': '"1"',
    'x-amz-tagging-directive': 'REPLACE',
  });
});
