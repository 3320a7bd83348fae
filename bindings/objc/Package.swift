// swift-tools-version:5.5
// The wrapper from its sources, on top of the C library that make-xcframework.sh builds. A release
// states the archive's address and checksum instead of the path.
import PackageDescription

let package = Package(
  name: "OSSPresign",
  platforms: [.iOS(.v13), .macOS(.v11)],
  products: [
    .library(name: "OSSPresign", targets: ["OSSPresign"]),
  ],
  targets: [
    .binaryTarget(name: "COSSPresign", path: "build/COSSPresign.xcframework"),
    .target(
      name: "OSSPresign",
      dependencies: ["COSSPresign"],
      path: ".",
      exclude: [
        "CMakeLists.txt", "OSSPresign.podspec", "README.md", "Swift.md", "build",
        "make-xcframework.sh", "tests",
      ],
      sources: ["src"],
      resources: [.copy("PrivacyInfo.xcprivacy")],
      publicHeadersPath: "include"),
  ]
)
