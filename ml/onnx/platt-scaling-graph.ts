import type { PlattScaling } from '../calibration/platt-scaling.ts';
import { cast, constant, elements, operate } from './double-operators.ts';
import type { Node } from './graph.ts';
import { concat } from './preprocessing-graph.ts';

/** Probabilities and label of decision values. @param decisions name of their tensor, float64 [N, 1] */
export function scaleDecisions(decisions: string, { slope, offset }: PlattScaling): Node[] {
  return [
    ...constant('scaling/slope', [slope], [1, 1]),
    ...constant('scaling/offset', [offset], [1, 1]),
    ...constant('scaling/zero', [0], [1, 1]),
    operate('Mul', [decisions, 'scaling/slope'], 'scaling/scaled'),
    operate('Add', ['scaling/scaled', 'scaling/offset'], 'scaling/margin'),
    operate('Neg', ['scaling/margin'], 'scaling/against'),
    concat(['scaling/against', 'scaling/margin'], 'scaling/margins'),
    cast('scaling/margins', 'scaling/margins-float32', elements.float32),
    operate('Sigmoid', ['scaling/margins-float32'], 'probabilities'),
    operate('Greater', ['scaling/margin', 'scaling/zero'], 'scaling/positive'),
    cast('scaling/positive', 'scaling/label', elements.int64),
    operate('Constant', [], 'scaling/second', { value_ints: { integers: [1] } }),
    operate('Squeeze', ['scaling/label', 'scaling/second'], 'label'),
  ];
}
