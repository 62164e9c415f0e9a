"""
What training rests on: python3 -m unittest discover -s models/training. Needs PyTorch and NumPy, no pictures.
"""

import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch
from augment import Augmenter
from clips import STEPS, write_part
from draw_set import told_apart
from export import write_graph
from implant import implanted, points, reach, scarred
from narrowed import narrowed
from network import ALL, SIDE, WIDTHS, Configuration, DualNet
from places import CHANNELS, MAP
from press import Give, Vessel, area_left, seen_vessel, to_rest
from replay import Replay
from rule import Thresholds, captured, expected
from sequences import Library, Sequences
from sight import sight
from sketch import Strip
from slim import difference, readers_of
from stills import Still
from streams import Streams

OPEN, CLOSED = 0, 2


def network_of(configuration: Configuration) -> DualNet:
    torch.manual_seed(1)
    return DualNet(configuration).eval()


class Pictures(unittest.TestCase):
    """Stills with a bright round artery, and with or without a dark vein beside it."""

    def still(self, vein: bool) -> Still:
        artery, place = Vessel("artery", -4, 10, 3, 3), Vessel("vein", 5, 12, 4, 3)
        still = Still("one", torch.full((240, 288), 0.5), 26.0, [artery, place] if vein else [artery], "open" if vein else "not_visible")
        still.picture[reach(*points(still), artery) < 1] = 0.9
        if vein:
            still.picture[reach(*points(still), place) < 1] = 0.1
        return still

    def test_an_implanted_vein_is_dark_where_it_is_labelled_and_leaves_the_artery_alone(self) -> None:
        bare, opened = self.still(False), self.still(True)
        for seed in range(5):
            made = implanted(np.random.default_rng(seed), bare, [opened])
            self.assertEqual((made.vein, [v.role for v in made.vessels]), ("open", ["artery", "vein"]))
            artery, vein = (reach(*points(made), v) for v in made.vessels)
            self.assertLess(float(made.picture[(vein < 0.9) & (artery > 1.3)].max()), 0.2)
            self.assertTrue(torch.equal(made.picture[artery < 1], bare.picture[artery < 1]))
            self.assertLess(float((made.picture - 0.5)[(vein > 1.8) & (artery > 1.3)].abs().max()), 1e-3)

    def test_a_vein_that_would_be_as_bright_as_its_surroundings_is_not_implanted(self) -> None:
        pale = self.still(True)
        pale.picture[reach(*points(pale), pale.vessels[1]) < 1] = 0.48
        self.assertIsNone(implanted(np.random.default_rng(1), self.still(False), [pale]))

    def test_a_patch_of_plain_tissue_adds_no_vessel(self) -> None:
        made = [scarred(np.random.default_rng(seed), self.still(False)) for seed in range(5)]
        self.assertTrue(all(s.vein == "not_visible" and len(s.vessels) == 1 for s in made))
        self.assertLess(max(float(s.picture[reach(*points(s), s.vessels[0]) > 1.2].max()) for s in made), 0.6)

    def test_a_vein_that_stays_on_the_border_of_the_picture_is_not_judged(self) -> None:
        strip = lambda margins: Strip(*[np.zeros(10)] * 6, np.array(margins))  # noqa: E731
        self.assertTrue(told_apart([strip([2.0] * 8 + [0.1, -0.1])]))
        self.assertTrue(told_apart([strip([np.inf] * 10)]))
        self.assertFalse(told_apart([strip([2.0] * 7 + [0.3, 0.1, -0.3])]))


class Narrower(unittest.TestCase):
    def test_what_an_encoder_sees_is_what_it_answers_in_use(self) -> None:
        encoder = network_of(Configuration()).trunks[0].encoder
        with torch.no_grad():
            for norm in (part for part in encoder.modules() if isinstance(part, torch.nn.BatchNorm2d)):
                norm.running_mean.normal_()
                norm.running_var.uniform_(0.5, 2)
                norm.bias.normal_()
            images = torch.rand(4, 1, SIDE, SIDE)
            seen, (embedding, maps) = sight(encoder, images), encoder(images)
        self.assertTrue(torch.allclose(seen.embedding, embedding, atol=1e-4))
        self.assertTrue(torch.allclose(seen.maps, maps, atol=1e-4))

    def test_what_loses_no_channel_answers_as_before(self) -> None:
        teacher = network_of(Configuration())
        mine, theirs = (sight(network.trunks[0].encoder, torch.ones(4, 1, SIDE, SIDE)) for network in (narrowed(teacher, WIDTHS), teacher))
        self.assertEqual(difference(mine, theirs, readers_of(teacher))[1], 0)

    def test_images_are_shown_again_with_what_the_teacher_saw_in_them_and_the_oldest_make_room(self) -> None:
        teacher = network_of(Configuration()).trunks[0].encoder
        replay = Replay(teacher, 6, torch.device("cpu"))
        images = (torch.rand(8, SIDE, SIDE) * 255).round() / 255
        places = [replay.add(part) for part in images.split(4)]
        self.assertEqual([place.tolist() for place in places], [[0, 1, 2, 3], [4, 5, 0, 1]])
        self.assertTrue(torch.allclose(replay.shown(places[1])[:, 0], images[4:]))
        self.assertTrue(torch.allclose(replay.taught(places[1]).embedding, sight(teacher, images[4:].unsqueeze(1)).embedding, atol=5e-3))
        self.assertTrue(set(replay.some(50).tolist()) <= set(range(6)))

    def test_a_narrower_network_is_smaller_keeps_its_memory_and_heads_and_learns_what_the_wide_one_sees(self) -> None:
        teacher = network_of(Configuration())
        student = narrowed(teacher, (8, 16, 24))
        kept, before = student.state_dict(), teacher.state_dict()
        self.assertEqual(kept["trunks.0.encoder.near.0.0.weight"].shape[0], 8)
        self.assertEqual(kept["trunks.0.encoder.near.1.0.weight"].shape[1], 8)
        self.assertEqual(kept["trunks.0.encoder.near.2.first.0.weight"].shape[0], 16)
        self.assertEqual(kept["trunks.0.encoder.far.1.second.0.weight"].shape[1], 24)
        self.assertTrue(all(torch.equal(kept[name], before[name]) for name in kept if "encoder" not in name))
        images = torch.rand(8, 1, SIDE, SIDE)
        mine, theirs = student.trunks[0].encoder, teacher.trunks[0].encoder
        with torch.no_grad():
            for weight in mine.parameters():
                weight.add_(0.02 * torch.randn_like(weight))
        with torch.no_grad():
            taught = sight(theirs, images)
        optimiser = torch.optim.Adam(mine.parameters(), 3e-4)
        missed = []
        for _ in range(40):
            loss, share = difference(sight(mine, images), taught, readers_of(teacher))
            missed.append(share)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        self.assertLess(missed[-1], 0.5 * missed[0])


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


def sequences_of(lengths: list[int]) -> Sequences:
    """Images that are as bright as their number in the sequence says, 40 ms apart; a bright vessel at the left."""
    number = np.concatenate([np.arange(n) for n in lengths])
    images = torch.from_numpy(number.astype(np.uint8)).view(-1, 1, 1).repeat(1, SIDE, SIDE)
    maps = torch.zeros(len(number), CHANNELS, MAP, MAP, dtype=torch.uint8)
    maps[..., : MAP // 2] = 255
    lengths = np.array(lengths)
    return Sequences(
        images=images,
        maps=maps,
        mapped=torch.ones(len(number)),
        landmarks=torch.from_numpy(np.repeat(np.arange(len(lengths)) % 2, lengths)),
        veins=torch.from_numpy(number % 3),
        times_ms=number * 40.0,
        first=np.cumsum(lengths) - lengths,
        length=lengths,
        share=np.full(len(lengths), 1 / len(lengths)),
    )


class LearningStreams(unittest.TestCase):
    def test_a_stream_goes_on_where_it_was_unless_its_sequence_is_over(self) -> None:
        streams = Streams(sequences_of([200, 90, 150]), rows=16, steps=5, seed=3)
        carried = 0
        for _ in range(30):
            before, place, over = streams.sequence.copy(), streams.place.copy(), streams.over.copy()
            batch = streams.next()
            begun = place[~over]
            self.assertTrue((streams.sequence[~over] == before[~over]).all())
            self.assertTrue((streams.place[~over] == begun + 5 * streams.step[~over]).all())
            # Time since the last image of the batch before, as the clock of the sequence says, but for the stream's own pace.
            gaps = batch.intervals.numpy()[:, ~over]
            wanted = np.tile(streams.step[~over] * 0.04 * streams.pace[~over], (5, 1))
            self.assertTrue(np.allclose(gaps, wanted, atol=1e-5))
            self.assertTrue((batch.starts.numpy()[:, ~over] == 0).all())
            carried += int((~over).sum())
        self.assertGreater(carried, 100)

    def test_labels_stay_with_their_images(self) -> None:
        sequences = sequences_of([40, 60])
        streams = Streams(sequences, rows=8, steps=4, seed=4)
        for _ in range(10):
            batch = streams.next()
            strange = streams.augment.strange
            for row in range(8):
                place = streams.place[row] - streams.step[row] * np.arange(4, 0, -1)
                if strange[row]:
                    self.assertEqual(set(batch.landmarks[:, row].tolist()), {2})
                    self.assertEqual(set(batch.veins[:, row].tolist()), {3})
                    continue
                at = sequences.first[streams.sequence[row]] + place
                self.assertEqual(batch.veins[:, row].tolist(), sequences.veins[at].tolist())
                self.assertEqual(batch.landmarks[:, row].tolist(), sequences.landmarks[at].tolist())

    def test_the_memory_is_kept_at_times_where_a_sequence_begins(self) -> None:
        streams = Streams(sequences_of([12] * 50), rows=64, steps=12, seed=5)
        kept = sum(int((streams.next().starts[0] == 0).sum()) for _ in range(10))
        self.assertGreater(kept, 64)
        self.assertLess(kept, 64 * 8)

    def test_maps_move_with_their_pictures(self) -> None:
        augment = Augmenter(np.random.default_rng(6), 64, torch.device("cpu"), 6)
        augment.begin(np.arange(64))
        picture = torch.zeros(64, SIDE, SIDE, dtype=torch.uint8)
        maps = torch.zeros(64, CHANNELS, MAP, MAP, dtype=torch.uint8)
        picture[:, 32:80, 16:56], maps[:, :, 4:10, 2:7] = 255, 255
        augment.tone[:] = torch.tensor([1.0, 0, 1, 0, 0, 0])
        images, moved = augment(picture, maps, 1)
        shrunk = torch.nn.functional.avg_pool2d(images.unsqueeze(1), SIDE // MAP)[:, 0]
        for row in range(64):
            if augment.strange[row]:
                self.assertEqual(float(moved[row].max()), 0)
                continue
            seen, said = shrunk[row] > 0.25, moved[row, 0] > 0.5
            both, either = float((seen & said).sum()), float((seen | said).sum())
            self.assertGreater(both / max(either, 1), 0.55, f"row {row}")

    def test_a_part_that_is_complete_later_is_read_then(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            library = Library([(folder, 1.0)], torch.device("cpu"))
            self.assertRaises(SystemExit, library.sequences)
            times = np.arange(STEPS) * 40.0
            empty = np.zeros(STEPS, int)
            strip = Strip(np.zeros((STEPS, SIDE, SIDE), np.uint8), None, times, empty, empty, times, times)
            write_part(folder / "part-000", iter([strip] * 3), 3, STEPS)
            self.assertEqual(len(library.sequences().first), 3)
            write_part(folder / "part-001", iter([strip] * 2), 2, STEPS)
            self.assertEqual(len(library.sequences().first), 5)


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
