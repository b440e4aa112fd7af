import type { UseCaseResponse } from '../../../contracts/http.ts';
import { welcome } from '../../../local/start/summary.ts';

const useCase = { id: 'tiny-churn', example: { name: "d'Arc" }, current: null } as unknown as UseCaseResponse;
const current = { version: 3, threshold: 0.25, createdAt: 'now', metrics: { outOfFold: null, holdout: null } };

test('a person is shown how to call a version', () => {
  const text = welcome('http://here', 'prn_key', [{ ...useCase, current }]);
  expect(text).toContain('Version       3, decides from a probability of 0.250 on');
  expect(text).toContain('curl -s http://here/use-cases/tiny-churn/predictions');
  expect(text).toContain(`-d '{"instances":[{"name":"d'\\''Arc"}]}'`);
});

test('where no version answers, a person is shown how to get one', () => {
  const text = welcome('http://here', 'prn_key', [useCase]);
  expect(text).toContain('npm run -s cli -- run tiny-churn --data FILE');
  expect(text).not.toContain('curl');
});
