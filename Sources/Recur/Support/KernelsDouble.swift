// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecur

extension Double: RecurScalar {
  public typealias GSLMatrix = gsl_matrix
  public typealias GSLVector = gsl_vector

  public static let kernels = Kernels<Double>(
    network: .init(
      workspaceBytes: { network, shape, bytes in
        recur_network_workspace_bytes(
          network, shape.steps, shape.batchSize, shape.modeInC, shape.segment, bytes)
      },
      allocWorkspace: { network, shape in
        recur_network_workspace_alloc(
          network, shape.steps, shape.batchSize, shape.modeInC, shape.segment)
      },
      freeWorkspace: { recur_network_workspace_free($0) },
      setThreads: { recur_network_workspace_set_threads($0, $1) },
      weightsBytes: { recur_network_weights_bytes($0, $1) },
      allocWeights: { recur_network_weights_alloc($0) },
      freeWeights: { recur_network_weights_free($0) },
      setWeights: { recur_network_weights_set($1, $0) },
      infer: { weights, arguments, w in
        var pass = recur_network_pass(arguments)
        return recur_network_infer(weights, &pass, w)
      },
      forward: { theta, arguments, w in
        var pass = recur_network_pass(arguments)
        return recur_network_forward(theta, &pass, w)
      },
      backward: { theta, x, y, g, w in
        var pass = recur_network_pass()
        pass.x = x
        pass.y = UnsafeMutablePointer(mutating: y)  // backward only reads y
        var gradients = recur_network_gradients(
          dy: g.dy, dhT: g.dhT, dcT: g.dcT, dx: g.dx, dh0: g.dh0, dc0: g.dc0, dtheta: g.dtheta,
          dh_norms: g.norms)
        return recur_network_backward(theta, &pass, &gradients, w)
      },
      gates: { recur_network_gates($0, $1, $2, $3) },
      cellStates: { recur_network_cell_states($0, $1, $2, $3) },
      layerOutputs: { recur_network_layer_outputs($0, $1, $2) }),
    model: .init(
      workspaceBytes: { model, shape, bytes in
        recur_model_workspace_bytes(
          model, shape.steps, shape.batchSize, shape.modeInC, shape.segment, bytes)
      },
      allocWorkspace: { model, shape in
        recur_model_workspace_alloc(
          model, shape.steps, shape.batchSize, shape.modeInC, shape.segment)
      },
      freeWorkspace: { recur_model_workspace_free($0) },
      setThreads: { recur_model_workspace_set_threads($0, $1) },
      allocWeights: { recur_model_weights_alloc($0) },
      freeWeights: { recur_model_weights_free($0) },
      setWeights: { recur_model_weights_set($0, $1) },
      initialize: { recur_model_initialize($0, $1, $2) },
      infer: { weights, arguments, w in
        var pass = recur_model_pass(arguments)
        return recur_model_infer(weights, &pass, w)
      },
      forward: { theta, arguments, w in
        var pass = recur_model_pass(arguments)
        return recur_model_forward(theta, &pass, w)
      },
      backward: { theta, arguments, g, w in
        var pass = recur_model_pass(arguments)
        var gradients = recur_model_gradients(
          doutputs: readOnly(g.doutputs), dfinal_state: g.dfinalState,
          dfeatures: UnsafePointer(g.dfeatures), dinitial_state: g.dinitialState,
          dtheta: g.dtheta, dvalues: UnsafePointer(g.dvalues))
        return recur_model_backward(theta, &pass, &gradients, w)
      }),
    parameters: .init(
      import: { recur_parameters_import($0, $1, $2, $3) },
      export: { recur_parameters_export($0, $1, $2, $3) },
      round: { recur_parameters_round($0, $1) },
      initialize: { recur_parameters_initialize($0, $1, $2) },
      initializeMatrix: { recur_matrix_initialize($0, $1, $2, $3, $4) }),
    linear: .init(
      count: { recur_linear_parameters_count($0, $1, $2) },
      forward: { parameters, x, y in
        var p = recur_linear_parameters(parameters.pointee)
        return recur_linear_forward(&p, x, y)
      },
      backward: { parameters, x, dy, dx, gradients in
        var (p, dp) = (
          recur_linear_parameters(parameters.pointee), recur_linear_parameters(gradients.pointee)
        )
        return recur_linear_backward(&p, x, dy, dx, &dp)
      }),
    softmax: .init(
      alloc: { recur_softmax_workspace_alloc($0, $1) },
      free: { recur_softmax_workspace_free($0) },
      forward: { parameters, h, y in
        var p = recur_linear_parameters(parameters.pointee)
        return recur_softmax_forward(&p, h, y)
      },
      backward: { parameters, h, y, dy, dh, gradients, w in
        var (p, dp) = (
          recur_linear_parameters(parameters.pointee), recur_linear_parameters(gradients.pointee)
        )
        return recur_softmax_backward(&p, h, y, dy, dh, &dp, w)
      },
      crossEntropyForward: { parameters, h, labels, y, loss in
        var p = recur_linear_parameters(parameters.pointee)
        return recur_softmax_cross_entropy_forward(&p, h, labels, y, loss)
      },
      crossEntropyBackward: { parameters, h, labels, y, dloss, dh, gradients, w in
        var (p, dp) = (
          recur_linear_parameters(parameters.pointee), recur_linear_parameters(gradients.pointee)
        )
        return recur_softmax_cross_entropy_backward(&p, h, labels, y, dloss, dh, &dp, w)
      }),
    activation: .init(
      forward: { recur_activation_forward($0, $1, $2) },
      backward: { recur_activation_backward($0, $1, $2, $3) },
      slopes: { recur_activation_slopes($0, $1, $2) }),
    rnnErrorTerms: { recur_rnn_error_terms($0, $1, $2, $3, $4, $5) })
}

extension recur_network_pass {
  fileprivate init(_ p: PassArguments<Double>) {
    self.init(x: p.x, batch: p.batch, h0: p.h0, c0: p.c0, y: p.y, hT: p.hT, cT: p.cT)
  }
}

extension recur_model_pass {
  fileprivate init(_ p: ModelPassArguments<Double>) {
    self.init(
      features: readOnly(p.features), tokens: readOnly(p.tokens), batch: p.batch,
      initial_state: p.initialState, final_state: p.finalState,
      outputs: UnsafePointer(p.outputs))
  }
}

extension recur_linear_parameters {
  fileprivate init(_ parameters: LinearParameters<Double>) {
    self.init(weight: parameters.weight, bias: parameters.bias)
  }
}
