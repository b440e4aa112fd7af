import type { OperatorUse } from '../../ml/onnx/read-model.ts';

/**
 * Operators that an imported model may consist of, by domain: what converters of scikit-learn, XGBoost, LightGBM and small networks write, as far as the
 * endpoint's runtime has it. Left out are those with a graph of their own (If, Loop, Scan), with sequences or maps (ZipMap), with randomness, and those whose
 * output may be of any size whatever the size of their input (Expand, Tile, ConstantOfShape, Range, Resize).
 */
export const allowedOperators: Readonly<Record<string, ReadonlySet<string>>> = {
  'ai.onnx': new Set([
    ...['Abs', 'Ceil', 'Clip', 'Cos', 'Elu', 'Erf', 'Exp', 'Floor', 'HardSigmoid', 'Identity', 'LeakyRelu', 'Log'],
    ...['Neg', 'Not', 'PRelu', 'Reciprocal', 'Relu', 'Round', 'Selu', 'Sigmoid', 'Sign', 'Sin', 'Softplus', 'Sqrt'],
    ...['Tanh'],
    ...['Add', 'And', 'Div', 'Equal', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual', 'Max', 'Mean', 'Min', 'Mod'],
    ...['Mul', 'Or', 'Pow', 'Sub', 'Sum', 'Where', 'Xor'],
    ...['BatchNormalization', 'Gemm', 'LayerNormalization', 'LogSoftmax', 'MatMul', 'Softmax'],
    ...['ArgMax', 'ArgMin', 'ReduceMax', 'ReduceMean', 'ReduceMin', 'ReduceSum'],
    ...['Cast', 'Concat', 'Constant', 'Flatten', 'Gather', 'GatherElements', 'IsInf', 'IsNaN', 'Reshape', 'Shape'],
    ...['Slice', 'Split', 'Squeeze', 'Transpose', 'Unsqueeze'],
  ]),
  'ai.onnx.ml': new Set([
    ...['ArrayFeatureExtractor', 'Binarizer', 'FeatureVectorizer', 'Imputer', 'LabelEncoder', 'LinearClassifier'],
    ...['LinearRegressor', 'Normalizer', 'OneHotEncoder', 'SVMClassifier', 'SVMRegressor', 'Scaler'],
    ...['TreeEnsemble', 'TreeEnsembleClassifier', 'TreeEnsembleRegressor'],
  ]),
};

/** Whether an imported model may use an operator. */
export function isAllowed({ domain, operator }: OperatorUse): boolean {
  return allowedOperators[domain]?.has(operator) ?? false;
}
