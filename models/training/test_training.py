"""
What training rests on: python3 -m unittest discover -s models/training. Needs PyTorch and NumPy, no pictures.
"""

import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch
from export import write_graph
from network import ALL, SIDE, Configuration, DualNet
from press import Give, Vessel, area_left, seen_vessel, to_rest
from rule import Thresholds, captured, expected

OPEN, CLOSED = 0, 2


def network_of(configuration: Configuration) -> DualNet:
    torch.manual_seed(1)
    return DualNet(configuration).eval()


class Networks(unittest.TestCase):
    @torch.no_grad()
    def test_one_image_a_run_with_the_state_carried_answers_as_the_whole_clip_does(self) -> None:
        images, between = torch.rand(9, 1, SIDE, SIDE), torch.full((9, 1), 0.04)
        for configuration in ALL:
            with self.subTest(configuration.name):
                network = network_of(configuration)
                landmark, vein, _, _ = network.clip(images, between, torch.zeros(9, 1), network.state(1))
                state = network.state(1)
                for step in range(9):
                    one, other, state = network(images[step : step + 1], between[step : step + 1], state)
                    self.assertTrue(torch.allclose(one, landmark[step], atol=1e-4), f"landmark at image {step}")
                    self.assertTrue(torch.allclose(other, vein[step], atol=1e-4), f"vein at image {step}")

    @torch.no_grad()
    def test_a_start_forgets_what_was_before(self) -> None:
        images, between = torch.rand(6, 1, SIDE, SIDE), torch.full((6, 1), 0.04)
        starts = torch.zeros(6, 1)
        starts[3] = 1
        for configuration in ALL:
            with self.subTest(configuration.name):
                network = network_of(configuration)
                whole, _, _, _ = network.clip(images, between, starts, network.state(1))
                fresh, _, _, _ = network.clip(images[3:], between[3:], starts[3:], network.state(1))
                self.assertTrue(torch.allclose(whole[3:], fresh, atol=1e-4))

    def test_every_configuration_exports_under_four_megabytes(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            for configuration in ALL:
                with self.subTest(configuration.name):
                    path = Path(folder) / "model.onnx"
                    write_graph(network_of(configuration), path)
                    limit = 4 << 20 if configuration.sharing != "two-networks" else 8 << 20
                    self.assertLess(path.stat().st_size, limit)


class Press(unittest.TestCase):
    def test_the_drawn_lumen_has_the_area_that_the_label_says(self) -> None:
        vein = Vessel("vein", 1.0, 14.0, 5.0, 3.5)
        give, pressure = Give(4.0, 12.0, 0.0, 20.0), torch.tensor([0.0, 0.5, 0.7, 1.2])
        seen = seen_vessel(vein, give, pressure, torch.ones(4), 0.35)
        x = torch.linspace(-20, 20, 801).view(1, 1, -1).expand(4, 601, 801)
        z = torch.linspace(0, 30, 601).view(1, -1, 1).expand(4, 601, 801)
        x_rest, z_rest = to_rest(x, z, [(vein, seen)], give, pressure)
        inside = ((x_rest - vein.x) / vein.a) ** 2 + ((z_rest - vein.z) / vein.b) ** 2 <= 1
        shares = inside.sum((1, 2)) / inside[0].sum()
        for drawn, said in zip(shares.tolist(), area_left(vein, pressure).tolist(), strict=True):
            self.assertAlmostEqual(drawn, said, delta=0.1)

    def test_a_clot_keeps_the_vein_open(self) -> None:
        self.assertGreater(float(area_left(Vessel("vein", 0, 9, 4, 3, keeps_open=0.4), torch.tensor([1.3]))), 0.4)


class Rule(unittest.TestCase):
    def setUp(self) -> None:
        self.times = np.arange(40) * 40.0
        self.veins = np.where(np.arange(40) < 15, OPEN, CLOSED)

    def said(self, sure: float) -> tuple[np.ndarray, np.ndarray]:
        landmark = np.tile([[sure, 1 - sure, 0.0]], (40, 1))
        vein = np.full((40, 4), (1 - sure) / 3)
        vein[np.arange(40), self.veins] = sure
        return landmark, vein

    def test_open_then_closed_is_captured(self) -> None:
        limits = Thresholds(0.7, 0.7, 0.8)
        self.assertEqual(captured(self.times, *self.said(0.9), limits), {"sfj"})
        self.assertEqual(expected(self.times, np.zeros(40, int), self.veins), {"sfj"})

    def test_closed_from_the_start_is_not(self) -> None:
        self.veins[:] = CLOSED
        self.assertEqual(captured(self.times, *self.said(0.9), Thresholds(0.7, 0.7, 0.8)), set())
        self.assertEqual(expected(self.times, np.zeros(40, int), self.veins), set())

    def test_what_is_not_sure_enough_does_not_count(self) -> None:
        self.assertEqual(captured(self.times, *self.said(0.75), Thresholds(0.7, 0.7, 0.8)), set())


if __name__ == "__main__":
    unittest.main()
