// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecur

extension Float: RecurScalar {
  public typealias GSLMatrix = gsl_matrix_float
  public typealias GSLVector = gsl_vector_float

  public static let kernels = Kernels<Float>(
    network: .init(
      workspaceBytes: { network, shape, bytes in
        recur_network_float_workspace_bytes(
          network, shape.steps, shape.batchSize, shape.modeInC, shape.segment, bytes)
      },
      allocWorkspace: { network, shape in
        recur_network_float_workspace_alloc(
          network, shape.steps, shape.batchSize, shape.modeInC, shape.segment)
      },
      freeWorkspace: { recur_network_float_workspace_free($0) },
      setThreads: { recur_network_float_workspace_set_threads($0, $1) },
      weightsBytes: { recur_network_float_weights_bytes($0, $1) },
      allocWeights: { recur_network_float_weights_alloc($0) },
      freeWeights: { recur_network_float_weights_free($0) },
      setWeights: { recur_network_float_weights_set($1, $0) },
      infer: { weights, arguments, w in
        var pass = recur_network_float_pass(arguments)
        return recur_network_float_infer(weights, &pass, w)
      },
      forward: { theta, arguments, w in
        var pass = recur_network_float_pass(arguments)
        return recur_network_float_forward(theta, &pass, w)
      },
      backward: { theta, x, y, g, w in
        var pass = recur_network_float_pass()
        pass.x = x
        pass.y = UnsafeMutablePointer(mutating: y)  // backward only reads y
        var gradients = recur_network_float_gradients(
          dy: g.dy, dhT: g.dhT, dcT: g.dcT, dx: g.dx, dh0: g.dh0, dc0: g.dc0, dtheta: g.dtheta,
          dh_norms: g.norms)
        return recur_network_float_backward(theta, &pass, &gradients, w)
      },
      gates: { recur_network_float_gates($0, $1, $2, $3) },
      cellStates: { recur_network_float_cell_states($0, $1, $2, $3) },
      layerOutputs: { recur_network_float_layer_outputs($0, $1, $2) }),
    model: .init(
      workspaceBytes: { model, shape, bytes in
        recur_model_float_workspace_bytes(
          model, shape.steps, shape.batchSize, shape.modeInC, shape.segment, bytes)
      },
      allocWorkspace: { model, shape in
        recur_model_float_workspace_alloc(
          model, shape.steps, shape.batchSize, shape.modeInC, shape.segment)
      },
      freeWorkspace: { recur_model_float_workspace_free($0) },
      setThreads: { recur_model_float_workspace_set_threads($0, $1) },
      allocWeights: { recur_model_float_weights_alloc($0) },
      freeWeights: { recur_model_float_weights_free($0) },
      setWeights: { recur_model_float_weights_set($0, $1) },
      initialize: { recur_model_float_initialize($0, $1, $2) },
      infer: { weights, arguments, w in
        var pass = recur_model_float_pass(arguments)
        return recur_model_float_infer(weights, &pass, w)
      },
      forward: { theta, arguments, w in
        var pass = recur_model_float_pass(arguments)
        return recur_model_float_forward(theta, &pass, w)
      },
      backward: { theta, arguments, g, w in
        var pass = recur_model_float_pass(arguments)
        var gradients = recur_model_float_gradients(
          doutputs: readOnly(g.doutputs), dfinal_state: g.dfinalState,
          dfeatures: UnsafePointer(g.dfeatures), dinitial_state: g.dinitialState,
          dtheta: g.dtheta, dvalues: UnsafePointer(g.dvalues))
        return recur_model_float_backward(theta, &pass, &gradients, w)
      }),
    parameters: .init(
      import: { recur_parameters_float_import($0, $1, $2, $3) },
      export: { recur_parameters_float_export($0, $1, $2, $3) },
      round: { recur_parameters_float_round($0, $1) },
      initialize: { recur_parameters_float_initialize($0, $1, $2) },
      initializeMatrix: { recur_matrix_float_initialize($0, $1, $2, $3, $4) }),
    linear: .init(
      count: { recur_linear_float_parameters_count($0, $1, $2) },
      forward: { parameters, x, y in
        var p = recur_linear_float_parameters(parameters.pointee)
        return recur_linear_float_forward(&p, x, y)
      },
      backward: { parameters, x, dy, dx, gradients in
        var (p, dp) = (
          recur_linear_float_parameters(parameters.pointee),
          recur_linear_float_parameters(gradients.pointee)
        )
        return recur_linear_float_backward(&p, x, dy, dx, &dp)
      }),
    softmax: .init(
      alloc: { recur_softmax_float_workspace_alloc($0, $1) },
      free: { recur_softmax_float_workspace_free($0) },
      forward: { parameters, h, y in
        var p = recur_linear_float_parameters(parameters.pointee)
        return recur_softmax_float_forward(&p, h, y)
      },
      backward: { parameters, h, y, dy, dh, gradients, w in
        var (p, dp) = (
          recur_linear_float_parameters(parameters.pointee),
          recur_linear_float_parameters(gradients.pointee)
        )
        return recur_softmax_float_backward(&p, h, y, dy, dh, &dp, w)
      },
      crossEntropyForward: { parameters, h, labels, y, loss in
        var p = recur_linear_float_parameters(parameters.pointee)
        return recur_softmax_float_cross_entropy_forward(&p, h, labels, y, loss)
      },
      crossEntropyBackward: { parameters, h, labels, y, dloss, dh, gradients, w in
        var (p, dp) = (
          recur_linear_float_parameters(parameters.pointee),
          recur_linear_float_parameters(gradients.pointee)
        )
        return recur_softmax_float_cross_entropy_backward(&p, h, labels, y, dloss, dh, &dp, w)
      }),
    activation: .init(
      forward: { recur_activation_float_forward($0, $1, $2) },
      backward: { recur_activation_float_backward($0, $1, $2, $3) },
      slopes: { recur_activation_float_slopes($0, $1, $2) }),
    rnnErrorTerms: { recur_rnn_float_error_terms($0, $1, $2, $3, $4, $5) })
}

extension recur_network_float_pass {
  fileprivate init(_ p: PassArguments<Float>) {
    self.init(x: p.x, batch: p.batch, h0: p.h0, c0: p.c0, y: p.y, hT: p.hT, cT: p.cT)
  }
}

extension recur_model_float_pass {
  fileprivate init(_ p: ModelPassArguments<Float>) {
    self.init(
      features: readOnly(p.features), tokens: readOnly(p.tokens), batch: p.batch,
      initial_state: p.initialState, final_state: p.finalState,
      outputs: UnsafePointer(p.outputs))
  }
}

extension recur_linear_float_parameters {
  fileprivate init(_ parameters: LinearParameters<Float>) {
    self.init(weight: parameters.weight, bias: parameters.bias)
  }
}
