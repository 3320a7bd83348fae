# The wrapper from its sources, on top of the C library that make-xcframework.sh builds:
#
#   pod 'OSSPresign', :path => '.../bindings/objc'
Pod::Spec.new do |s|
  s.name = 'OSSPresign'
  s.version = '0.1.0'
  s.summary = 'Alibaba Cloud OSS V4 presigned GetObject URLs, and downloads by presigned URL.'
  # Until there is a public home, where the first release sets homepage and source.
  s.homepage = 'https://example.com/oss-presign'
  s.source = { :git => 'https://example.com/oss-presign.git', :tag => "v#{s.version}" }
  s.license = 'Apache-2.0'
  s.author = 'oss-presign'

  s.ios.deployment_target = '13.0'
  s.osx.deployment_target = '11.0'
  s.requires_arc = true
  s.module_name = 'OSSPresign'
  s.source_files = 'include/OSSPresign/*.h', 'src/*.{h,m}'
  s.public_header_files = 'include/OSSPresign/*.h'
  s.private_header_files = 'src/*.h'
  s.vendored_frameworks = 'build/COSSPresign.xcframework'
  s.resource_bundles = { 'OSSPresign' => ['PrivacyInfo.xcprivacy'] }
  s.frameworks = 'Foundation'
end
