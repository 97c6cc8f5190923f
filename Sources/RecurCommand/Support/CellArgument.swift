// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Recur
import RecurTraining

extension NetworkConfiguration.Cell: ExpressibleByArgument {}
