import { sep } from 'node:path';
import Sequencer from '@jest/test-sequencer';

/** Runs the journeys, which take the longest, before all others: on a clean checkout, where no times are known yet, the last of them would be waited for alone. */
export default class JourneysFirst extends Sequencer {
  async sort(tests) {
    const sorted = await super.sort(tests);
    const isJourney = ({ path }) => path.includes(`${sep}journeys${sep}`);
    return [...sorted.filter(isJourney), ...sorted.filter(test => !isJourney(test))];
  }
}
